import FunctionContract
import Providers

// POST /v2/contact/{identifier}/message, and the webhooks

extension SimulatedRespondIO {
    static func message(
        _ call: Call,
        _ recipient: String?,
        _ token: String,
        _ world: World
    ) -> Action {
        guard let json = call.json, json.object != nil else {
            return refused(.malformed("The body is not valid JSON"))
        }
        let channel = json["channelId"].flatMap { $0.integer.map(String.init) ?? $0.string }
        let account = world.scenario.account(.respondIO, channel ?? "default")
        if let expected = account.token, expected != token { return refused(.unauthorized) }
        let message = json["message"] ?? .null
        let type = message["type"]?.string ?? ""
        var send = Send(account, to: recipient ?? call.segments[2], type, message)
        guard recipient != nil else { return .refuse(send, .notFound("Contact")) }
        if let refusal = refusal(of: message, type) { return .refuse(send, refusal) }
        send.template = message["template"]?["name"]?.string
        send.language = message["template"]?["languageCode"]?.string
        send.buttons = (message["replies"]?.array ?? []).compactMap { reply in
            reply.string.map { Send.Button(id: $0, title: $0) }
        }
        return .send(send)
    }

    private static func refusal(of message: JSON, _ type: String) -> Refusal? {
        switch type {
        case "text":
            guard let text = message["text"]?.string, !text.isEmpty else {
                return .missing("message.text")
            }
            let isTooLong = text.unicodeScalars.count > 4096
            return isTooLong ? .invalid("message.text", "at most 4096 characters") : nil
        case "attachment":
            return message["attachment"]?["url"] == nil ? .missing("message.attachment.url") : nil
        case "whatsapp_template":
            return message["template"]?["name"] == nil ? .missing("message.template.name") : nil
        case "quick_reply":
            let count = message["replies"]?.array?.count ?? 0
            return (1...10).contains(count) ? nil : .invalid("message.replies", "1 to 10 of them")
        case "custom_payload", "email": return nil
        default: return .invalid("message.type", "unknown type \"\(type)\"")
        }
    }

    static func webhook(for happening: Happening) -> JSON? {
        switch happening.news {
        // Only the receipt `sent` has a webhook. The platform must ask for the others.
        case .receipt(let message, .sent, _): sent(message, happening)
        case .message(let inbound): received(inbound, happening)
        case .receipt, .template, .account, .session: nil
        }
    }

    private static func received(_ inbound: Inbound, _ happening: Happening) -> JSON? {
        let content: JSON
        switch inbound.content {
        case .text(let text): content = ["type": "text", "text": .string(text)]
        case .button(let button):
            content = ["type": "quick_reply", "title": .string(button.title)]
        case .reaction: return nil
        }
        return event("message.received", happening, inbound.from, inbound.name) { message in
            message["messageId"] = integer(inbound.id)
            message["traffic"] = "incoming"
            message["message"] = content
        }
    }

    private static func sent(_ sent: SentMessage, _ happening: Happening) -> JSON {
        event("message.sent", happening, sent.recipient, nil) { message in
            message["messageId"] = integer(sent.id)
            message["channelMessageId"] = .string(sent.waID)
            message["traffic"] = "outgoing"
            message["message"] = sent.contentJSON
        }
    }

    private static func event(
        _ name: String,
        _ happening: Happening,
        _ person: String,
        _ firstName: String?,
        _ fill: (inout JSONObject) -> Void
    ) -> JSON {
        let contactID = JSON.integer(Int(hash(person) >> 34))
        let channelID = integer(happening.account.id)
        var message = JSONObject([
            ("contactId", contactID), ("channelId", channelID),
            ("timestamp", .integer(milliseconds(happening.at))),
        ])
        fill(&message)
        var contact = JSONObject([("id", contactID), ("phone", .string(person))])
        if let firstName { contact["firstName"] = .string(firstName) }
        return [
            "event_type": .string(name),
            "event_id": .string(String(happening.id, radix: 16)),
            "contact": .object(contact), "message": .object(message),
            "channel": ["id": channelID, "name": "Simulator", "source": "whatsapp_cloud"],
        ]
    }
}
