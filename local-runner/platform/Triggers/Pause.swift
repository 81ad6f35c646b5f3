/// A pause that doubles each time it is extended, up to a limit.
struct Pause {
    private let first: Milliseconds
    private let longest: Milliseconds
    private var length: Milliseconds = 0
    private var end: Milliseconds = 0

    init(first: Milliseconds, longest: Milliseconds) {
        self.first = first
        self.longest = longest
    }

    func isOver(_ now: Milliseconds) -> Bool { now >= end }

    /// Whether it was extended since the last reset, even if the pause is over.
    var isNeeded: Bool { length > 0 }

    /// Starts the pause again with double length. Failures during a pause count once.
    mutating func lengthen(_ now: Milliseconds) {
        guard isOver(now) else { return }
        length = min(max(length * 2, first), longest)
        end = now + length
    }

    mutating func reset() {
        (length, end) = (0, 0)
    }
}
