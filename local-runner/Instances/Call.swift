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
