import FunctionContract
import Providers

extension SimulatedWAHA {
    static func webhook(for happening: Happening) -> JSON? {
        switch happening.news {
        case .receipt(let message, let status, _):
            event(happening, "message.ack", receipt(message, status))
        case .message(let inbound) where inbound.isReaction:
            event(happening, "message.reaction", payload(inbound, happening))
        case .message(let inbound): event(happening, "message", payload(inbound, happening))
        case .session(let word):
            event(
                happening,
                "session.status",
                ["name": .string(happening.account.id), "status": .string(word)]
            )
        case .template, .account: nil
        }
    }

    private static func event(_ happening: Happening, _ name: String, _ payload: JSON) -> JSON {
        let account = happening.account
        return [
            "id": .string("evt_" + String(happening.id, radix: 36)),
            "timestamp": .integer(Int(happening.at.milliseconds)), "event": .string(name),
            "session": .string(account.id),
            "me": ["id": .string(chat(account.phone)), "pushName": "Simulator"],
            "payload": payload, "engine": "WEBJS",
            "environment": ["version": "2026.7.1", "engine": "WEBJS", "tier": "PLUS"],
        ]
    }

    private static func receipt(_ message: SentMessage, _ status: DeliveryStatus) -> JSON {
        let (ack, name) = ack(status)
        return [
            "id": .string(message.id), "from": .string(chat(message.recipient)), "fromMe": true,
            "ack": .integer(ack), "ackName": .string(name),
        ]
    }

    static func ack(_ status: DeliveryStatus) -> (Int, String) {
        switch status {
        case .failed: (-1, "ERROR")
        case .queued, .accepted: (0, "PENDING")
        case .sent: (1, "SERVER")
        case .delivered: (2, "DEVICE")
        case .read: (3, "READ")
        case .played: (4, "PLAYED")
        }
    }

    private static func payload(_ inbound: Inbound, _ happening: Happening) -> JSON {
        var data = JSONObject([("notifyName", .string(inbound.name))])
        var payload = JSONObject([
            ("id", .string(inbound.id)), ("timestamp", .integer(seconds(happening.at))),
            ("from", .string(chat(inbound.from))), ("fromMe", false), ("source", "app"),
            ("to", .string(chat(happening.account.phone))), ("hasMedia", false), ("ack", 1),
        ])
        switch inbound.content {
        case .text(let text): payload["body"] = .string(text)
        case .button(let button):
            payload["body"] = .string(button.title)
            data["selectedButtonId"] = .string(button.id)
        case .reaction(let emoji):
            let target = JSON.string(inbound.context?.id ?? "")
            payload["reaction"] = ["text": .string(emoji), "messageId": target]
        }
        payload["_data"] = .object(data)
        return .object(payload)
    }
}
