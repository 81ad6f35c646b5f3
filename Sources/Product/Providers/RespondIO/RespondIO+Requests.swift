import FunctionContract

extension RespondIO {
    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        let headers: HTTPFields = ["authorization": "Bearer " + channel.token]
        switch operation {
        case .send(let message):
            let url = channel.url("contact", try identifier(message.recipient), "message")
            let json = members(
                ("channelId", Int(channel.channelID).map(JSON.integer)),
                ("message", try content(message.content))
            )
            return ProviderRequest(.post, url, headers: headers, json: json)
        case .lookUpMessage(let id, let contact):
            guard let contact else {
                throw .invalid(field: "contact", reason: "respond.io keeps messages under contacts")
            }
            let url = channel.url("contact", try identifier(contact), "message", id)
            return ProviderRequest(.get, url, headers: headers)
        case .searchMessage(let search):
            return self.search(in: try identifier(search.message.recipient), channel)
        case .markRead, .typing, .checkNumber, .mediaAddress, .downloadMedia, .createTemplate,
            .listTemplates, .deleteTemplate:
            throw .unsupported(operation.capability, .respondIO)
        }
    }

    private static func identifier(_ recipient: Recipient) throws(ProviderError) -> String {
        switch recipient {
        case .phone(let number): return "phone:" + number
        case .identity(let identity):
            if let number = identity.dialled { return "phone:" + number }
            if identity.kind == .providerContact { return "id:" + identity.value }
        case .chat: break
        }
        throw .invalid(field: "recipient", reason: "respond.io knows numbers and contact ids")
    }

    static func content(_ content: OutboundContent) throws(ProviderError) -> JSON {
        switch content {
        case .text(let text, _):
            let text = try text.checked("text", atMost: MessageLimits.text)
            return ["type": "text", "text": .string(text)]
        case .template(let template):
            let part = members(
                ("name", .string(try TemplateName(template.name).text)),
                ("languageCode", .string(template.language)),
                ("components", .array(try template.metaComponents))
            )
            return ["type": "whatsapp_template", "template": part]
        case .buttons(let message): return try quickReply(message.checked())
        case .media(let media): return try attachment(media.checked())
        case .list, .reaction: throw .unsupported(content.capability, .respondIO)
        }
    }

    private static func quickReply(_ message: ButtonMessage) throws(ProviderError) -> JSON {
        if message.header != nil || message.footer != nil {
            throw .invalid(field: "buttons", reason: "respond.io takes no header and no footer")
        }
        let replies = message.buttons.map { JSON.string($0.title) }
        return ["type": "quick_reply", "title": .string(message.body), "replies": .array(replies)]
    }

    private static func attachment(_ media: OutboundMedia) throws(ProviderError) -> JSON {
        if media.caption != nil {
            throw .invalid(field: "caption", reason: "respond.io sends it as a text of its own")
        }
        guard case .link(let link) = media.source else {
            throw .unsupported(.mediaByID, .respondIO)
        }
        let type =
            switch media.kind {
            case .image, .video, .audio: media.kind.rawValue
            case .document, .sticker: "file"
            }
        return ["type": "attachment", "attachment": ["type": .string(type), "url": .string(link)]]
    }
}
