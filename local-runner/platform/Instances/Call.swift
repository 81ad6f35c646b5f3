import FunctionContract

/// One event for a function, with the completion for its reply.
final class Call {
    enum Outcome {
        case reply(Reply)
        case refused(InstancePool.Refusal)
        /// The call was tried and has no usable reply. The sentence gives the reason.
        case failed(InstancePool.CallFailure, String)
    }

    let requestID: String
    private let content: Content
    private let completion: (Outcome) -> Void

    private enum Content {
        case event(Event)
        case request(RequestEvent)
    }

    init(_ event: Event, requestID: String? = nil, completion: @escaping (Outcome) -> Void) {
        content = .event(event)
        self.requestID = requestID ?? event.requestID
        self.completion = completion
    }

    init(_ request: RequestEvent, completion: @escaping (Outcome) -> Void) {
        content = .request(request)
        requestID = request.requestID
        self.completion = completion
    }

    func complete(_ outcome: Outcome) {
        completion(outcome)
    }

    /// Writes the event as one line of JSON. It is written at hand-over, because only then is the
    /// deadline known: waiting for an instance does not count.
    func write(to writer: inout JSONWriter, due deadline: Timestamp) {
        switch content {
        case .event(let event): event.with(deadline: deadline).encode(into: &writer)
        case .request(let request): request.encode(into: &writer, due: deadline)
        }
        writer.newline()
    }

    /// The capacity to reserve for a line of usual length.
    var lineCapacity: Int { Self.usualHeadBytes + bodyCount }

    /// The members besides the body, and space for escapes in it.
    private static let usualHeadBytes = 2560

    private var bodyCount: Int {
        switch content {
        case .event(.http(let event)): event.body?.count ?? 0
        case .event(.cloud): 0
        case .request(let request): request.bodyCount
        }
    }

    func decode(_ reply: [UInt8]) throws(ContractError) -> Reply {
        switch content {
        case .request, .event(.http): try Reply.decodeHTTP(reply)
        case .event(.cloud): try Reply.decodeBatch(reply)
        }
    }
}

extension Event {
    fileprivate func with(deadline: Timestamp) -> Event {
        switch self {
        case .http(var event):
            event.deadline = deadline
            return .http(event)
        case .cloud(var event):
            event.deadline = deadline
            return .cloud(event)
        }
    }
}

extension Call.Outcome {
    /// The reason why the call failed, as a sentence; nil when it succeeded.
    var failure: String? {
        switch self {
        case .reply(.http(let reply)):
            reply.statusCode >= 500 || reply.statusCode == 429
                ? "answered with status \(reply.statusCode)" : nil
        case .reply(.batch): nil
        case .reply(.failure(let failure)): "\(failure.type): \(failure.message)"
        case .refused(.queueFull): "too many events wait already"
        case .refused(.waitedTooLong): "no instance came free in time"
        case .refused(.draining): "the platform was shutting down"
        case .failed(_, let problem): problem
        }
    }
}
