import FunctionContract
import Providers

extension SimulatedEvolution {
    static func webhook(for happening: Happening) -> JSON? {
        switch happening.news {
        case .receipt(let message, let status, _):
            event(happening, "messages.update", receipt(message, status))
        case .message(let inbound): event(happening, "messages.upsert", data(inbound, happening))
        case .session(let word):
            event(
                happening,
                "connection.update",
                [
                    "instance": .string(happening.account.id), "state": .string(word),
                    "statusReason": .integer(word == "close" ? 428 : 200),
                ]
            )
        case .template, .account: nil
        }
    }

    private static func event(_ happening: Happening, _ name: String, _ data: JSON) -> JSON {
        [
            "event": .string(name), "instance": .string(happening.account.id), "data": data,
            "date_time": .string(happening.at.rfc3339),
            "sender": .string(chat(happening.account.phone)),
            "server_url": "http://127.0.0.1", "apikey": "simulator",
        ]
    }

    static func word(_ status: DeliveryStatus) -> JSON {
        switch status {
        case .failed: "ERROR"
        case .queued, .accepted: "PENDING"
        case .sent: "SERVER_ACK"
        case .delivered: "DELIVERY_ACK"
        case .read: "READ"
        case .played: "PLAYED"
        }
    }

    private static func receipt(_ message: SentMessage, _ status: DeliveryStatus) -> JSON {
        [
            "keyId": .string(message.id), "remoteJid": .string(chat(message.recipient)),
            "fromMe": true, "status": word(status),
        ]
    }

    private static func data(_ inbound: Inbound, _ happening: Happening) -> JSON {
        [
            "key": [
                "remoteJid": .string(chat(inbound.from)), "fromMe": false,
                "id": .string(inbound.id),
            ],
            "pushName": .string(inbound.name), "message": message(inbound),
            "messageTimestamp": .integer(seconds(happening.at)),
        ]
    }

    private static func message(_ inbound: Inbound) -> JSON {
        switch inbound.content {
        case .text(let text): return ["conversation": .string(text)]
        case .button(let button):
            return [
                "buttonsResponseMessage": [
                    "selectedButtonId": .string(button.id),
                    "selectedDisplayText": .string(button.title),
                ]
            ]
        case .reaction(let emoji):
            let key: JSON = ["fromMe": true, "id": .string(inbound.context?.id ?? "")]
            return ["reactionMessage": ["key": key, "text": .string(emoji)]]
        }
    }
}
