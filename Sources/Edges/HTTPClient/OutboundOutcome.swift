/// The result of a send. The three cases are exhaustive and pessimistic. A caller may repeat a
/// `.notSent` request freely, but must never blindly repeat an `.unknown` one.
package enum OutboundOutcome: Sendable, Equatable {
    /// The server answered, with any status.
    case response(OutboundResponse)
    /// The server cannot have received a complete request.
    case notSent(OutboundFailure)
    /// Request bytes were written, but no complete answer arrived.
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
