/// Many requests at once on one client, with room to add more while others are on their way:
///
///     while moreWork { batch.add(…); for finished in batch.step(upTo: …) { record(finished) } }
///
/// Dropping a batch does not recall what is on its way; step it until it is empty.
package final class OutboundBatch {
    /// Requests that may wait and fly together.
    package static let capacity = 10_000

    package struct Finished {
        package let ticket: Int
        package let outcome: OutboundOutcome
    }

    private let client: HTTPClient
    private let concurrency: Int
    private let clock = ContinuousClock()
    private let results = Results()
    private var waiting: [Waiting] = []
    private var tickets = 0
    private var inFlight = 0

    package init(on client: HTTPClient, concurrency: Int) {
        precondition(concurrency > 0, "a batch sends at least one request at a time")
        self.client = client
        self.concurrency = concurrency
    }

    /// Nothing waits, nothing flies and nothing is left to report.
    package var isEmpty: Bool { waiting.isEmpty && inFlight == 0 && results.finished.isEmpty }

    package var isFull: Bool { waiting.count + inFlight >= Self.capacity }

    /// Accepts a request and returns the ticket its outcome will carry: 0, 1, 2, …
    @discardableResult
    package func add(_ planned: PlannedRequest) -> Int {
        precondition(!isFull, "a batch holds at most \(Self.capacity) requests")
        let ticket = tickets
        tickets += 1
        insert(Waiting(ticket: ticket, due: planned.notBefore ?? clock.now, planned: planned))
        return ticket
    }

    /// Starts what is due and waits until at least one request is finished, at most `timeout`.
    package func step(upTo timeout: Duration) -> [Finished] {
        let end = clock.now + timeout
        startDue()
        client.advance()
        while results.finished.isEmpty, waiting.count + inFlight > 0, clock.now < end {
            // Rounded up, lest the last fraction of a millisecond is spent spinning.
            client.wait(upTo: min(end, nextStart ?? end) - clock.now + .milliseconds(1))
            startDue()
            client.advance()
        }
        let finished = results.take()
        inFlight -= finished.count
        return finished
    }

    /// When time alone will let another request start; nil while all places are taken.
    private var nextStart: ContinuousClock.Instant? {
        inFlight - results.finished.count < concurrency ? waiting.last?.due : nil
    }

    private func startDue() {
        while let due = nextStart, due <= clock.now { start(waiting.removeLast()) }
    }

    private func start(_ next: Waiting) {
        let request = next.planned.request
        let allowed = next.planned.deadline.map { $0 - clock.now } ?? request.limits.total
        inFlight += 1
        let report = { [results] in results.append(Finished(ticket: next.ticket, outcome: $0)) }
        if let refusal = request.refusal() {
            report(.notSent(refusal))
        } else if allowed <= .zero {
            report(.notSent(OutboundFailure(.deadlinePassed, "the deadline passed before sending")))
        } else {
            client.start(request, total: min(allowed, request.limits.total), onOutcome: report)
        }
    }

    /// Keeps `waiting` with the next to go at its end, first come first served among equals.
    private func insert(_ new: Waiting) {
        var low = waiting.startIndex
        var high = waiting.endIndex
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle].due > new.due { low = middle + 1 } else { high = middle }
        }
        waiting.insert(new, at: low)
    }

    private struct Waiting {
        let ticket: Int
        let due: ContinuousClock.Instant
        let planned: PlannedRequest
    }

    /// Shared with the transfers on their way, which may end after the batch is gone.
    private final class Results {
        private(set) var finished: [Finished] = []

        func append(_ result: Finished) { finished.append(result) }

        func take() -> [Finished] {
            defer { finished = [] }
            return finished
        }
    }
}

@available(*, unavailable) extension OutboundBatch: Sendable {}
