/// What is known after a send. The three cases are exhaustive and never optimistic: a caller may
/// repeat a `.notSent` request freely, and must never blindly repeat an `.unknown` one.
package enum OutboundOutcome: Sendable, Equatable {
    /// The server answered, with whatever status.
    case response(OutboundResponse)
    /// No complete request can have reached the server.
    case notSent(OutboundFailure)
    /// Bytes of the request were written and no complete answer came back.
    case unknown(OutboundFailure)
}

/// Why there is no response: a reason to branch on and a sentence to show.
package struct OutboundFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case invalidRequest
        /// The egress policy refuses the address.
        case refusedAddress
        case deadlinePassed
        case unresolvable
        case unreachable
        case connectTimeout
        case tls
        case proxy
        case timeout
        case connectionLost
        case truncated
        case responseTooLarge
        case malformedResponse
        case other
    }

    package let reason: Reason
    package let message: String

    package init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    package var description: String { "\(reason.rawValue): \(message)" }
}
