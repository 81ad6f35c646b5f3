import FunctionContract
import Providers

extension SimulatedMeta {
    static func webhook(for happening: Happening) -> JSON? {
        switch happening.news {
        case .receipt(let message, let status, let failure):
            messages(happening, ["statuses": [receipt(message, status, failure, happening)]])
        case .message(let inbound): messages(happening, inbound.metaJSON(at: happening))
        case .template(let record, let event, let reason):
            envelope(
                happening,
                field: "message_template_status_update",
                [
                    "event": .string(event),
                    "message_template_id": Int(record.id).map(JSON.integer) ?? .string(record.id),
                    "message_template_name": .string(record.name),
                    "message_template_language": .string(record.language),
                    "reason": .string(reason ?? "NONE"),
                ]
            )
        case .account(let field, let value): envelope(happening, field: field, value)
        case .session: nil
        }
    }

    private static func messages(_ happening: Happening, _ content: JSON) -> JSON {
        let account = happening.account
        let head: JSON = [
            "messaging_product": "whatsapp",
            "metadata": [
                "display_phone_number": .string(waID(account.phone)),
                "phone_number_id": .string(account.id),
            ],
        ]
        return envelope(happening, field: "messages", head.merging(content))
    }

    private static func envelope(
        _ happening: Happening,
        field: String,
        _ value: JSON
    ) -> JSON {
        let change: JSON = ["value": value, "field": .string(field)]
        let entry: JSON = [
            "id": .string(happening.account.businessID),
            "time": .integer(seconds(happening.at)),
            "changes": [change],
        ]
        return ["object": "whatsapp_business_account", "entry": [entry]]
    }

    private static func receipt(
        _ message: SentMessage,
        _ status: DeliveryStatus,
        _ failure: ProviderFailure?,
        _ happening: Happening
    ) -> JSON {
        var object = JSONObject([
            ("id", .string(message.id)), ("status", .string(status.metaWord)),
            ("timestamp", .string(String(seconds(happening.at)))),
            ("recipient_id", .string(waID(message.recipient))),
        ])
        if let reference = message.reference {
            object.members.append(("biz_opaque_callback_data", .string(reference)))
        }
        if status == .failed {
            object.members.append(("errors", [failure?.metaJSON ?? .null]))
        } else {
            object.members.append(("pricing", pricing(message)))
        }
        return .object(object)
    }

    private static func pricing(_ message: SentMessage) -> JSON {
        let isTemplate = message.kind == "template"
        return [
            "billable": .bool(isTemplate), "pricing_model": "PMP",
            "type": isTemplate ? "regular" : "free_customer_service",
            "category": isTemplate ? "marketing" : "service",
        ]
    }
}

extension ProviderFailure {
    fileprivate var metaJSON: JSON {
        let code = code.flatMap { Int($0) } ?? 131_000
        let title = title ?? SimulatedMeta.title(of: code)
        return [
            "code": .integer(code), "title": .string(title), "message": .string(title),
            "error_data": ["details": .string(detail ?? title)],
        ]
    }
}

extension Inbound {
    fileprivate func metaJSON(at happening: Happening) -> JSON {
        var message = JSONObject([
            ("from", .string(waID(from))), ("id", .string(id)),
            ("timestamp", .string(String(seconds(happening.at)))),
        ])
        // A pressed button names its message. A typed answer names none.
        if let context, isButton {
            let from = JSON.string(waID(happening.account.phone))
            message["context"] = ["from": from, "id": .string(context.id)]
        }
        message.members += part
        let contact: JSON = ["profile": ["name": .string(name)], "wa_id": .string(waID(from))]
        return ["contacts": [contact], "messages": [.object(message)]]
    }

    private var part: [(name: String, value: JSON)] {
        switch content {
        case .text(let text): return [("type", "text"), ("text", ["body": .string(text)])]
        case .button(let button) where button.isOfTemplate:
            let part: JSON = ["payload": .string(button.id), "text": .string(button.title)]
            return [("type", "button"), ("button", part)]
        case .button(let button):
            let reply: JSON = ["id": .string(button.id), "title": .string(button.title)]
            let part: JSON = ["type": "button_reply", "button_reply": reply]
            return [("type", "interactive"), ("interactive", part)]
        case .reaction(let emoji):
            let part: JSON = [
                "message_id": .string(context?.id ?? ""), "emoji": .string(emoji),
            ]
            return [("type", "reaction"), ("reaction", part)]
        }
    }

    private var isButton: Bool {
        if case .button = content { true } else { false }
    }
}
