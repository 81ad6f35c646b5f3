import FunctionContract
import Providers

extension SimulatedWassenger {
    static func webhook(for happening: Happening) -> JSON? {
        switch happening.news {
        case .receipt(let message, let status, let failure):
            event(happening, name(of: status), receipt(message, status, failure, happening))
        case .message(let inbound):
            event(
                happening,
                inbound.isReaction ? "message:reaction" : "message:in:new",
                data(inbound, happening)
            )
        case .session(let word): event(happening, "number:session", ["status": .string(word)])
        case .template, .account: nil
        }
    }

    private static func name(of status: DeliveryStatus) -> String {
        switch status {
        case .sent: "message:out:sent"
        case .failed: "message:out:failed"
        case .queued, .accepted, .delivered, .read, .played: "message:out:ack"
        }
    }

    private static func event(_ happening: Happening, _ name: String, _ data: JSON) -> JSON {
        [
            "id": .string("evt" + String(happening.id, radix: 16)), "object": "message",
            "event": .string(name), "created": .integer(seconds(happening.at)),
            "device": [
                "id": .string(happening.account.id), "phone": .string(happening.account.phone),
                "alias": "Simulator",
            ],
            "data": data,
        ]
    }

    private static func receipt(
        _ message: SentMessage,
        _ status: DeliveryStatus,
        _ failure: ProviderFailure?,
        _ happening: Happening
    ) -> JSON {
        var object = JSONObject([
            ("id", .string(message.id)), ("waId", .string(message.waID)),
            ("flow", "outbound"), ("status", .string(status.metaWord)),
            ("ack", .string(status == .sent ? "server" : status.metaWord)),
            ("to", .string(waID(message.recipient) + "@c.us")),
            ("toNumber", .string(message.recipient)),
            ("timestamp", .integer(seconds(happening.at))),
        ])
        if let reference = message.reference { object["reference"] = .string(reference) }
        if let failure { object["error"] = failure.wassengerJSON }
        return .object(object)
    }

    private static func data(_ inbound: Inbound, _ happening: Happening) -> JSON {
        let chat = JSON.string(waID(inbound.from) + "@c.us")
        var object = JSONObject([
            ("id", .string(inbound.id)), ("flow", "inbound"),
            ("from", chat), ("fromNumber", .string(inbound.from)),
            ("to", .string(waID(happening.account.phone) + "@c.us")),
            ("toNumber", .string(happening.account.phone)),
            ("timestamp", .integer(seconds(happening.at))),
            ("meta", ["notifyName": .string(inbound.name), "isGroup": false]),
            ("chat", ["id": chat, "type": "chat", "contact": ["name": .string(inbound.name)]]),
        ])
        switch inbound.content {
        case .text(let text):
            object["type"] = "text"
            object["body"] = .string(text)
        case .button(let button):
            object["type"] = "buttons_response"
            object["body"] = .string(button.title)
            object["selectedId"] = .string(button.id)
        case .reaction(let emoji):
            object["type"] = "reaction"
            object["reaction"] = .string(emoji)
            object["reactionMessage"] = .string(inbound.context?.waID ?? "")
        }
        return .object(object)
    }
}

extension Inbound {
    /// Whether this is an emoji reaction to a message.
    var isReaction: Bool {
        if case .reaction = content { true } else { false }
    }
}

extension ProviderFailure {
    var wassengerJSON: JSON {
        ["code": .string(code ?? "error"), "message": .string(title ?? "Message failed")]
    }
}
