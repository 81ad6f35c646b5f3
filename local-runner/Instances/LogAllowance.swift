/// How many lines a function may log between two ticks: a flood is dropped and counted, so that
/// it drowns neither the log nor the loop.
struct LogAllowance {
    static let linesPerTick = 1_000

    private var left = LogAllowance.linesPerTick
    private var dropped = 0

    mutating func take() -> Bool {
        guard left > 0 else {
            dropped += 1
            return false
        }
        left -= 1
        return true
    }

    /// Starts the next interval; the result is how many lines the last one lost.
    mutating func refill() -> Int? {
        defer { (left, dropped) = (Self.linesPerTick, 0) }
        return dropped > 0 ? dropped : nil
    }
}
