internal import Messages

/// What a lane still has to write to the database: results of attempts, messages that did not
/// begin, and counts to give back.
struct Untold {
    /// An entry to write, and when our lease on its message ends: after that, writing is useless.
    struct Item<Content> {
        let content: Content
        let until: ContinuousClock.Instant
    }

    private(set) var results: [Item<AttemptResult>] = []
    private(set) var unused: [Item<ClaimedMessage>] = []
    /// Messages that the day and the month count although they did not go out.
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

    /// When to write. Results wait a moment for others, unless nothing else is in flight.
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

    /// Puts back results that could not be recorded.
    mutating func putBack(_ items: [Item<AttemptResult>], now: ContinuousClock.Instant) {
        results = items + results
        oldestResult = now
    }

    mutating func putBack(_ items: [Item<ClaimedMessage>]) { unused = items + unused }

    /// Drops entries whose lease is over at `now`, or all entries when it is nil. Returns how many.
    mutating func forget(at now: ContinuousClock.Instant?) -> Int {
        let before = results.count + unused.count
        results.removeAll { item in now.map { item.until <= $0 } ?? true }
        unused.removeAll { item in now.map { item.until <= $0 } ?? true }
        if results.isEmpty { oldestResult = nil }
        if results.isEmpty, unused.isEmpty { overcount = 0 }
        return before - results.count - unused.count
    }
}
