import FunctionContract

/// Writes a message in the form of the Cloud API.
struct MetaMessage {
    let json: JSON

    init(_ message: OutboundMessage) throws(ProviderError) {
        let (type, part) = try Self.content(message.content)
        let reference = try message.reference.checked(
            "reference",
            atMost: MessageLimits.reference
        )
        let (recipientName, recipient) = try Self.recipient(message.recipient)
        json = members(
            ("messaging_product", "whatsapp"),
            ("recipient_type", "individual"),
            (recipientName, .string(recipient)),
            ("context", message.replyTo.map { ["message_id": .string($0)] }),
            ("type", .string(type)),
            (type, part),
            ("biz_opaque_callback_data", .text(reference))
        )
    }

    /// A number keeps its `+`. Without it, Meta would add the country code of our own number.
    private static func recipient(
        _ recipient: Recipient
    ) throws(ProviderError) -> (name: String, value: String) {
        switch recipient {
        case .phone(let number): return ("to", number)
        case .identity(let identity):
            if let number = identity.dialled { return ("to", number) }
            if identity.kind == .bsuid || identity.kind == .parentBSUID {
                return ("recipient", identity.value)
            }
            throw .invalid(field: "recipient", reason: "Meta knows no \(identity.kind.rawValue)")
        case .chat: throw .invalid(field: "recipient", reason: "Meta knows no chats")
        }
    }

    private static func content(
        _ content: OutboundContent
    ) throws(ProviderError) -> (type: String, part: JSON) {
        switch content {
        case .text(let text, let previewsLinks):
            let text = try text.checked("text", atMost: MessageLimits.text)
            return ("text", ["body": .string(text), "preview_url": .bool(previewsLinks)])
        case .template(let template): return ("template", try template.metaJSON)
        case .buttons(let message): return ("interactive", try message.checked().metaJSON)
        case .list(let message): return ("interactive", try message.checked().metaJSON)
        case .media(let media): return (media.kind.rawValue, try media.checked().metaJSON)
        case .reaction(let target, let emoji):
            let emoji = try emoji.checked("emoji", atMost: MessageLimits.emoji) ?? ""
            return ("reaction", ["message_id": .string(target), "emoji": .string(emoji)])
        }
    }
}

extension OutboundMedia {
    var metaJSON: JSON {
        let location: (String, JSON?) =
            switch source {
            case .id(let id): ("id", .string(id))
            case .link(let link): ("link", .string(link))
            }
        let fileName = kind == .document ? fileName : nil
        return members(location, ("caption", .text(caption)), ("filename", .text(fileName)))
    }
}

extension ButtonMessage {
    fileprivate var metaJSON: JSON {
        let buttons = buttons.map { button in
            [
                "type": "reply",
                "reply": ["id": .string(button.id), "title": .string(button.title)],
            ] as JSON
        }
        return interactive("button", header, body, footer, ["buttons": .array(buttons)])
    }
}

extension ListMessage {
    fileprivate var metaJSON: JSON {
        let sections = sections.map { section in
            members(("title", .text(section.title)), ("rows", .array(section.rows.map(row))))
        }
        return interactive(
            "list",
            header,
            body,
            footer,
            ["button": .string(button), "sections": .array(sections)]
        )
    }

    private func row(_ row: Row) -> JSON {
        members(
            ("id", .string(row.id)),
            ("title", .string(row.title)),
            ("description", .text(row.detail))
        )
    }
}

private func interactive(
    _ type: String,
    _ header: String?,
    _ body: String,
    _ footer: String?,
    _ action: JSON
) -> JSON {
    members(
        ("type", .string(type)),
        ("header", header.map { ["type": "text", "text": .string($0)] }),
        ("body", ["text": .string(body)]),
        ("footer", footer.map { ["text": .string($0)] }),
        ("action", action)
    )
}
