/// How long to wait between two looks at the queues: short while there is work, longer and longer
/// while there is none.
struct PollingInterval {
    static let shortest: Milliseconds = 250
    /// However soon something falls due: with many queues, something always does.
    static let soonest: Milliseconds = 50
    static let longest: Milliseconds = 5_000

    private(set) var current = PollingInterval.shortest

    /// The wait after a look that found work or not, given when the next task falls due.
    mutating func next(foundWork: Bool, dueIn: Milliseconds?) -> Milliseconds {
        current = foundWork ? Self.shortest : min(current * 2, Self.longest)
        return max(min(current, dueIn ?? current), Self.soonest)
    }

    mutating func reset() {
        current = Self.shortest
    }
}
