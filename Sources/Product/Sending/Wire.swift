internal import Accounts
internal import Messages
private import Exchange
internal import FunctionContract
internal import HTTPClient
internal import Providers

/// Turns a message into a request, and the outcome of the request into a verdict.
enum Wire {
    /// The request that sends the message.
    static func request(
        for message: ClaimedMessage,
        on lane: Lane,
        _ limits: SendLimits
    ) throws(ProviderError) -> OutboundRequest {
        let form = message.template.flatMap { lane.templates[$0] }
        guard let outbound = message.outbound(form) else {
            throw .invalid(field: "template", reason: "it is not there any more")
        }
        let request = try lane.channel.provider.request(for: .send(outbound), through: lane.access)
        return OutboundRequest(request, within: limits.answer)
    }

    /// The verdict on a message, given the outcome of its request.
    static func verdict(
        _ outcome: OutboundOutcome,
        for message: ClaimedMessage,
        by provider: Provider,
        now: Timestamp
    ) -> Verdict {
        switch outcome {
        case .notSent(let failure) where failure.reason == .deadlinePassed:
            Verdict(releasing: message)
        case .notSent(let failure) where failure.reason == .invalidRequest:
            Verdict(refusing: message, because: .invalid(failure.message))
        case .notSent, .unknown, .response:
            Verdict(provider.outcome(of: TransportResult(outcome), now: now), for: message)
        }
    }
}

extension Reason {
    /// For a message that its provider would refuse in this form.
    static func invalid(_ detail: String) -> Reason {
        Reason(
            code: "invalid",
            detail: detail,
            french: "Ce message ne peut pas être envoyé tel quel. Corrigez-le d'après le détail.",
            english: "This message cannot be sent as it is. Correct it as the detail says."
        )
    }
}
