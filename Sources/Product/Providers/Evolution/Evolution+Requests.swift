import FunctionContract

extension Evolution {
    private static let typingMilliseconds = 3000

    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        switch operation {
        case .send(let message): return try send(message, channel)
        case .markRead(let id, let sender, _):
            let key = messageKey(id, in: try address(sender))
            return call(channel, "chat", "markMessageAsRead", ["readMessages": [key]])
        case .typing(let recipient, let isOn):
            let body: JSON = [
                "number": .string(try address(recipient)),
                "presence": isOn ? "composing" : "paused",
                "delay": .integer(isOn ? typingMilliseconds : 0),
            ]
            return call(channel, "chat", "sendPresence", body)
        case .checkNumber(let number):
            return call(
                channel,
                "chat",
                "whatsappNumbers",
                ["numbers": [.string(number.digits)]]
            )
        case .searchMessage(let search):
            let chat = chat(at: try address(search.message.recipient))
            return call(channel, "chat", "findMessages", try self.search(search, in: chat))
        case .downloadMedia(let source):
            guard case .message(let id, let chat) = source else {
                throw .invalid(field: "media", reason: "Evolution decrypts the file of a message")
            }
            let body: JSON = [
                "message": ["key": messageKey(id, in: chat)], "convertToMp4": false,
            ]
            return call(channel, "chat", "getBase64FromMediaMessage", body)
        case .lookUpMessage, .mediaAddress, .createTemplate, .listTemplates, .deleteTemplate:
            throw .unsupported(operation.capability, .evolution)
        }
    }

    private static func call(
        _ channel: ChannelAccess,
        _ group: String,
        _ name: String,
        _ json: JSON
    ) -> ProviderRequest {
        ProviderRequest(
            .post,
            channel.url(group, name, channel.channelID),
            headers: ["apikey": channel.token],
            json: json
        )
    }

    private static func send(
        _ message: OutboundMessage,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        let number = try address(message.recipient)
        if case .reaction(let target, let emoji) = message.content {
            let emoji = try emoji.checked("emoji", atMost: MessageLimits.emoji) ?? ""
            let body: JSON = ["key": messageKey(target, in: number), "reaction": .string(emoji)]
            return call(channel, "message", "sendReaction", body)
        }
        let (name, content) = try content(message.content)
        var body = JSONObject([("number", .string(number))])
        body.members += content.object?.members ?? []
        body["quoted"] = message.replyTo.map { ["key": ["id": .string($0)]] }
        return call(channel, "message", name, .object(body))
    }

    private static func content(
        _ content: OutboundContent
    ) throws(ProviderError) -> (name: String, json: JSON) {
        switch content {
        case .text(let text, let previewsLinks):
            let text = try text.checked("text", atMost: MessageLimits.text)
            return ("sendText", ["text": .string(text), "linkPreview": .bool(previewsLinks)])
        case .media(let media): return try self.media(media.checked())
        case .buttons(let message): return ("sendButtons", try message.checked().evolutionJSON)
        case .list(let message): return ("sendList", try message.checked().evolutionJSON)
        case .template, .reaction: throw .unsupported(content.capability, .evolution)
        }
    }

    private static func media(
        _ media: OutboundMedia
    ) throws(ProviderError) -> (name: String, json: JSON) {
        guard case .link(let link) = media.source else {
            throw .unsupported(.mediaByID, .evolution)
        }
        if media.kind == .sticker { return ("sendSticker", ["sticker": .string(link)]) }
        let json = members(
            ("mediatype", .string(media.kind.rawValue)),
            ("media", .string(link)),
            ("mimetype", .text(media.mimeType)),
            ("caption", .text(media.caption)),
            ("fileName", .text(media.fileName))
        )
        return ("sendMedia", json)
    }

    /// A number without its `+`; a hidden id or a group with its server.
    private static func address(_ recipient: Recipient) throws(ProviderError) -> String {
        switch recipient {
        case .phone(let number): return number.digits
        case .identity(let identity):
            if let number = identity.dialled { return number.digits }
            if identity.kind == .lid { return identity.value + "@lid" }
            throw .invalid(
                field: "recipient",
                reason: "Evolution knows no \(identity.kind.rawValue)"
            )
        case .chat(let id): return id
        }
    }

    private static func messageKey(_ id: String, in address: String) -> JSON {
        ["remoteJid": .string(chat(at: address)), "fromMe": false, "id": .string(id)]
    }

    private static func chat(at address: String) -> String {
        address.contains("@") ? address : address + "@s.whatsapp.net"
    }
}

extension ButtonMessage {
    /// Evolution requires a title. Without a header, the body is also the title.
    fileprivate var evolutionJSON: JSON {
        let buttons = buttons.map { button in
            [
                "type": "reply", "displayText": .string(button.title), "id": .string(button.id),
            ] as JSON
        }
        return members(
            ("title", .string(header ?? body)),
            ("description", header == nil ? nil : .string(body)),
            ("footer", .text(footer)),
            ("buttons", .array(buttons))
        )
    }
}

extension ListMessage {
    fileprivate var evolutionJSON: JSON {
        let sections = sections.map { section in
            let rows = section.rows.map { row in
                [
                    "title": .string(row.title), "description": .string(row.detail ?? ""),
                    "rowId": .string(row.id),
                ] as JSON
            }
            return ["title": .string(section.title ?? button), "rows": .array(rows)] as JSON
        }
        return members(
            ("title", .string(header ?? body)),
            ("description", header == nil ? nil : .string(body)),
            ("footerText", .text(footer)),
            ("buttonText", .string(button)),
            ("sections", .array(sections))
        )
    }
}
