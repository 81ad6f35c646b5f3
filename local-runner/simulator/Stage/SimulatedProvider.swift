import FunctionContract
import Providers

/// A provider as the simulator plays it: what it takes, and in which words it answers and tells.
protocol SimulatedProvider {
    static var provider: Provider { get }

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
    static func webhook(for happening: Happening) -> JSON?

    /// The headers that prove the webhook.
    static func proof(
        of body: [UInt8],
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)]

    /// Whether a webhook that was answered so is sent again.
    static func repeats(after status: Int) -> Bool
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
        }
    }

    /// Whose path this is; the paths of the providers do not meet.
    init?(playing call: Call) {
        switch call.segments.first {
        case "v2": self = .respondIO
        case "v1": self = .wassenger
        case "api": self = .waha
        case "message", "chat", "instance": self = .evolution
        case "_media": self = .meta
        case let first? where first.hasPrefix("v") && first.contains("."): self = .meta
        default: return nil
        }
    }
}
