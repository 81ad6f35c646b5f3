internal import Database
internal import FunctionContract

/// How far a claimer has come in a queue, so that its next claim starts there.
///
/// Why: a finished task leaves a dead index entry, which no vacuum may remove while any other
/// transaction, even one that only reads elsewhere, is older than the finish. Claims from the start
/// would step over all of them, every time. So a claimer goes on from where its last claim ended,
/// and looks from the very start now and then: for what was committed late, given back, or left by
/// a process that died. Such a look may cost one fiftieth of the time: it is frequent while it is
/// cheap. The front is a hint: a claimer without one, or with a wrong one, only finds tasks later.
package struct ClaimFront: Sendable {
    /// A place in the index `task_claim`, within a queue.
    struct Position: Sendable, Equatable {
        var priority: Int32
        var runAt: Timestamp
        var id: UUID
    }

    private(set) var positions = Self.start
    private var nextLook: ContinuousClock.Instant?

    package init() {}

    /// Where a claim that begins now looks.
    func positions(at now: ContinuousClock.Instant) -> [Position] {
        isLookDue(at: now) ? Self.start : positions
    }

    /// Notes what a claim found, all of it in index order. `serverTime` is when it ran.
    mutating func advance(
        over found: [Position],
        isFull: Bool,
        serverTime: Timestamp,
        began: ContinuousClock.Instant,
        ended: ContinuousClock.Instant
    ) {
        if isLookDue(at: began) { nextLook = ended + (ended - began) * Self.lookShare }
        let settled = serverTime - Self.lag
        let last = isFull ? found.last : nil
        for index in positions.indices {
            let priority = positions[index].priority
            if let last, last.priority < priority { continue }
            let isLast = last?.priority == priority
            positions[index] = Position(priority: priority, runAt: settled, id: Self.firstID)
            if isLast, let last, last.runAt < settled { positions[index] = last }
        }
    }

    private func isLookDue(at now: ContinuousClock.Instant) -> Bool {
        nextLook.map { $0 <= now } ?? true
    }

    /// Tasks enqueued now are committed a moment later; a front that were closer to the present
    /// would pass them by.
    private static let lag = Duration.milliseconds(100)
    private static let lookShare = 50
    private static let firstID = UUID(high: 0, low: 0)

    private static let start = NewTask.Priority.allCases.map {
        Position(priority: $0.rawValue, runAt: .distantPast, id: firstID)
    }
}
