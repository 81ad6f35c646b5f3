/// Limits how much a function may log between two ticks. Excess lines are dropped and counted, so
/// that a flood blocks neither the log nor the loop.
struct LogAllowance {
    static let linesPerTick = 1_000
    static let bytesPerTick = 1_048_576

    private var lines = 0
    private var bytes = 0
    private var dropped = 0

    /// Whether a line of `count` bytes may be logged.
    mutating func take(_ count: Int) -> Bool {
        guard lines < Self.linesPerTick, bytes + count <= Self.bytesPerTick else {
            dropped += 1
            return false
        }
        lines += 1
        bytes += count
        return true
    }

    /// Starts the next interval; returns the number of lines dropped in the last one.
    mutating func refill() -> Int? {
        defer { self = LogAllowance() }
        return dropped > 0 ? dropped : nil
    }
}
