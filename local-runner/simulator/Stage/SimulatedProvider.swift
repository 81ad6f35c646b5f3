import FunctionContract
import Providers

/// One simulated provider: the requests that it accepts, and the form of its answers and webhooks.
protocol SimulatedProvider {
    static var provider: Provider { get }

    /// Whether the path belongs to this provider. No path belongs to two providers.
    static func plays(_ path: [String]) -> Bool

    /// The meaning of a request.
    static func action(for call: Call, in world: inout World) -> Action

    /// The accepted message of a send, with ids in the provider's form.
    static func message(for send: Send, in world: inout World) -> SentMessage

    /// An id for a person's message, in the provider's form.
    static func inboundID(from recipient: String, in world: inout World) -> String

    /// The reply to an accepted send.
    static func acceptance(of message: SentMessage) -> Answer

    /// The reply to a refused request.
    static func refusal(_ refusal: Refusal) -> Answer

    /// The webhook for an event; nil when the provider does not report it.
    static func notice(for happening: Happening) -> Notice?

    /// The headers that authenticate the webhook at its address.
    static func proof(
        of notice: Notice,
        at address: String,
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)]

    /// Whether the provider repeats a webhook after an answer with this status.
    static func repeats(after status: Int) -> Bool
}

/// A provider that sends webhooks as JSON and does not sign the address.
protocol JSONProvider: SimulatedProvider {
    static func webhook(for happening: Happening) -> JSON?

    static func proof(
        of body: [UInt8],
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)]
}

extension JSONProvider {
    static func notice(for happening: Happening) -> Notice? {
        webhook(for: happening).map { Notice($0) }
    }

    static func proof(
        of notice: Notice,
        at address: String,
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)] {
        proof(of: notice.body, secret: secret, id: id, now: now)
    }
}

extension SimulatedProvider {
    static func repeats(after status: Int) -> Bool { !(200..<300).contains(status) }

    static func refused(_ refusal: Refusal) -> Action { .answer(self.refusal(refusal)) }
}

extension Provider {
    /// The type that simulates this provider.
    var player: any SimulatedProvider.Type {
        switch self {
        case .meta: SimulatedMeta.self
        case .respondIO: SimulatedRespondIO.self
        case .wassenger: SimulatedWassenger.self
        case .waha: SimulatedWAHA.self
        case .evolution: SimulatedEvolution.self
        case .twilio: SimulatedTwilio.self
        }
    }

    /// The provider of the path; nil when no provider has it.
    init?(playing call: Call) {
        let player = Self.allCases.first { $0.player.plays(call.segments) }
        guard let player else { return nil }
        self = player
    }
}
