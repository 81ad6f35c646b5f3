/// Sends many requests at once on one client. More can be added while others are in flight:
///
///     while moreWork { batch.add(…); for finished in batch.step(upTo: …) { record(finished) } }
///
/// Dropping a batch does not cancel the requests in flight; call `step` until it is empty.
package final class OutboundBatch {
    /// The most requests that may be waiting and in flight together.
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

    /// Whether no request is waiting, in flight or finished but unreported.
    package var isEmpty: Bool { waiting.isEmpty && inFlight == 0 && results.finished.isEmpty }

    package var isFull: Bool { waiting.count + inFlight >= Self.capacity }

    /// Adds a request and returns its ticket: 0, 1, 2, … Its outcome carries the same ticket.
    @discardableResult
    package func add(_ planned: PlannedRequest) -> Int {
        precondition(!isFull, "a batch holds at most \(Self.capacity) requests")
        let ticket = tickets
        tickets += 1
        insert(Waiting(ticket: ticket, due: planned.notBefore ?? clock.now, planned: planned))
        return ticket
    }

    /// Starts the requests that are due. Then waits, at most `timeout`, until one has finished.
    package func step(upTo timeout: Duration) -> [Finished] {
        let end = clock.now + timeout
        startDue()
        client.advance()
        while results.finished.isEmpty, waiting.count + inFlight > 0, clock.now < end {
            // Rounded up, so that the last fraction of a millisecond is not a busy loop.
            client.wait(upTo: min(end, nextStart ?? end) - clock.now + .milliseconds(1))
            startDue()
            client.advance()
        }
        let finished = results.take()
        inFlight -= finished.count
        return finished
    }

    /// When the next waiting request is due; nil while `concurrency` requests are in flight.
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

    /// Keeps `waiting` sorted with the next request last; requests due together keep their order.
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

    /// Shared with the transfers in flight, which may end after the batch is gone.
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
