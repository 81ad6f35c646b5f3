import FunctionContract
import Providers

/// A provider as the simulator plays it: what it takes, and in which words it answers and tells.
protocol SimulatedProvider {
    static var provider: Provider { get }

    /// Whether a path is this provider's; the paths of the providers do not meet.
    static func plays(_ path: [String]) -> Bool

    /// What a request comes down to.
    static func action(for call: Call, in world: inout World) -> Action

    /// The message that a send becomes, with ids in the provider's form.
    static func message(for send: Send, in world: inout World) -> SentMessage

    /// An id for a message that a person writes, in the provider's form.
    static func inboundID(from recipient: String, in world: inout World) -> String

    /// The reply to a send that was taken.
    static func acceptance(of message: SentMessage) -> Answer

    /// The reply that says why not.
    static func refusal(_ refusal: Refusal) -> Answer

    /// The webhook for something that happened; nil when the provider does not tell it.
    static func notice(for happening: Happening) -> Notice?

    /// The headers that prove the webhook at its address.
    static func proof(
        of notice: Notice,
        at address: String,
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)]

    /// Whether a webhook that was answered so is sent again.
    static func repeats(after status: Int) -> Bool
}

/// A provider whose webhooks are JSON, and which signs no address.
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
    /// Who plays it.
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

    /// Whose path this is.
    init?(playing call: Call) {
        let player = Self.allCases.first { $0.player.plays(call.segments) }
        guard let player else { return nil }
        self = player
    }
}
