/// A wait that doubles every time it is needed again, up to a limit.
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

    /// Whether it was needed since the last reset, over or not.
    var isNeeded: Bool { length > 0 }

    /// Begins it anew. What ends in trouble together counts once.
    mutating func lengthen(_ now: Milliseconds) {
        guard isOver(now) else { return }
        length = min(max(length * 2, first), longest)
        end = now + length
    }

    mutating func reset() {
        (length, end) = (0, 0)
    }
}
