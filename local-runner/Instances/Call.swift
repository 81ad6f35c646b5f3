import FunctionContract

/// One event on its way to a function, and whoever waits for the reply.
final class Call {
    enum Kind {
        case http
        case batch
    }

    enum Outcome {
        case reply(Reply)
        case refused(InstancePool.Refusal)
        /// Tried, and no reply that can be used; the sentence says why.
        case failed(InstancePool.CallFailure, String)
    }

    let kind: Kind
    let requestID: String
    /// The event as one line of JSON, its line feed included.
    let event: [UInt8]
    private let completion: (Outcome) -> Void

    init(
        kind: Kind,
        requestID: String,
        event: [UInt8],
        completion: @escaping (Outcome) -> Void
    ) {
        self.kind = kind
        self.requestID = requestID
        self.event = event
        self.completion = completion
    }

    func complete(_ outcome: Outcome) {
        completion(outcome)
    }

    func decode(_ reply: [UInt8]) throws(ContractError) -> Reply {
        switch kind {
        case .http: try Reply.decodeHTTP(reply)
        case .batch: try Reply.decodeBatch(reply)
        }
    }
}

extension Call {
    /// A call by a clock or a queue.
    convenience init(
        _ event: CloudEvent,
        kind: Kind,
        completion: @escaping (Outcome) -> Void
    ) {
        self.init(
            kind: kind,
            requestID: event.id,
            event: Event.cloud(event).bytes + [UInt8(ascii: "\n")],
            completion: completion
        )
    }
}

extension Call.Outcome {
    /// Why the call did not do what it should have, in a sentence; nil when it did.
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
