/// The wait between two polls of the queues: short while there is work, growing while there is
/// none.
struct PollingInterval {
    static let shortest: Milliseconds = 250
    /// The shortest wait, however soon a task is due. With many queues, some task is always due.
    static let soonest: Milliseconds = 50
    static let longest: Milliseconds = 5_000

    private(set) var current = PollingInterval.shortest

    /// The wait after a poll, depending on whether it found work and when the next task is due.
    mutating func next(foundWork: Bool, dueIn: Milliseconds?) -> Milliseconds {
        current = foundWork ? Self.shortest : min(current * 2, Self.longest)
        return max(min(current, dueIn ?? current), Self.soonest)
    }

    mutating func reset() {
        current = Self.shortest
    }
}
