internal import Messages

/// What a sender knows of a channel's messages and the database does not: what came of attempts,
/// what did not begin, and what was counted in vain.
struct Untold {
    /// Something to tell, and until when it is of use: after that the message is not ours.
    struct Item<Content> {
        let content: Content
        let until: ContinuousClock.Instant
    }

    private(set) var results: [Item<AttemptResult>] = []
    private(set) var unused: [Item<ClaimedMessage>] = []
    /// Messages that count in the day and the month and did not go out.
    private(set) var overcount = 0
    private var oldestResult: ContinuousClock.Instant?

    var isEmpty: Bool { results.isEmpty && unused.isEmpty && overcount == 0 }

    mutating func add(
        _ result: AttemptResult,
        until: ContinuousClock.Instant,
        now: ContinuousClock.Instant
    ) {
        if results.isEmpty { oldestResult = now }
        results.append(Item(content: result, until: until))
    }

    mutating func add(unused message: ClaimedMessage, until: ContinuousClock.Instant) {
        unused.append(Item(content: message, until: until))
    }

    mutating func add(overcount count: Int) { overcount += count }

    /// When to tell it: results wait a moment for others, unless nothing else is on its way.
    func tellTime(
        _ limits: SendLimits,
        isLast: Bool,
        now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        if !unused.isEmpty || overcount > 0 { return now }
        guard let oldestResult else { return nil }
        if results.count >= limits.recordBatch || isLast { return oldestResult }
        return oldestResult + limits.recordAfter
    }

    mutating func takeResults() -> [Item<AttemptResult>] {
        oldestResult = nil
        return exchange(&results, with: [])
    }

    mutating func takeUnused() -> [Item<ClaimedMessage>] { exchange(&unused, with: []) }

    mutating func takeOvercount() -> Int { exchange(&overcount, with: 0) }

    /// They could not be told.
    mutating func putBack(_ items: [Item<AttemptResult>], now: ContinuousClock.Instant) {
        results = items + results
        oldestResult = now
    }

    mutating func putBack(_ items: [Item<ClaimedMessage>]) { unused = items + unused }

    /// Forgets what is of no use at `now`, or everything; returns how many messages that were.
    mutating func forget(at now: ContinuousClock.Instant?) -> Int {
        let before = results.count + unused.count
        results.removeAll { item in now.map { item.until <= $0 } ?? true }
        unused.removeAll { item in now.map { item.until <= $0 } ?? true }
        if results.isEmpty { oldestResult = nil }
        if results.isEmpty, unused.isEmpty { overcount = 0 }
        return before - results.count - unused.count
    }
}
