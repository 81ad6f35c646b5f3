import FunctionContract

extension WAHA {
    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        switch operation {
        case .send(let message): return try send(message, channel)
        case .markRead(let id, let sender, _):
            let chat = try chatID(sender)
            return call(channel, "sendSeen", ("chatId", chat), ("messageIds", [.string(id)]))
        case .typing(let recipient, let isOn):
            let chat = try chatID(recipient)
            return call(channel, isOn ? "startTyping" : "stopTyping", ("chatId", chat))
        case .checkNumber(let number):
            let query = [("phone", number.digits), ("session", channel.channelID)]
            let url = channel.url("api", "contacts", "check-exists", query: query)
            return ProviderRequest(.get, url, headers: headers(channel))
        case .searchMessage(let search):
            return try self.search(search, in: chatID(search.message.recipient), channel)
        case .downloadMedia(let source): return try download(source, channel)
        case .lookUpMessage, .mediaAddress, .createTemplate, .listTemplates, .deleteTemplate:
            throw .unsupported(operation.capability, .waha)
        }
    }

    private static func headers(_ channel: ChannelAccess) -> HTTPFields {
        ["x-api-key": channel.token]
    }

    private static func call(
        _ channel: ChannelAccess,
        _ name: String,
        by method: ProviderRequest.Method = .post,
        _ parameters: (String, JSON?)...
    ) -> ProviderRequest {
        var object = JSONObject([("session", .string(channel.channelID))])
        for (name, value) in parameters { object[name] = value }
        let url = channel.url("api", name)
        return ProviderRequest(method, url, headers: headers(channel), json: .object(object))
    }

    private static func send(
        _ message: OutboundMessage,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        let chat = ("chatId", JSON?.some(try chatID(message.recipient)))
        let replyTo = ("reply_to", JSON.text(message.replyTo))
        switch message.content {
        case .text(let text, let previewsLinks):
            let text = try text.checked("text", atMost: MessageLimits.text)
            return call(
                channel,
                "sendText",
                chat,
                ("text", .string(text)),
                replyTo,
                ("linkPreview", .bool(previewsLinks))
            )
        case .media(let media): return try send(media.checked(), chat, replyTo, channel)
        case .reaction(let target, let emoji):
            let emoji = try emoji.checked("emoji", atMost: MessageLimits.emoji) ?? ""
            return call(
                channel,
                "reaction",
                by: .put,
                ("messageId", .string(target)),
                ("reaction", .string(emoji))
            )
        case .buttons(let message):
            return send(try message.checked(), chat, replyTo, channel)
        case .list(let message):
            return call(
                channel,
                "sendList",
                chat,
                replyTo,
                ("message", try message.checked().wahaJSON)
            )
        case .template: throw .unsupported(.template, .waha)
        }
    }

    private static func send(
        _ message: ButtonMessage,
        _ chat: (String, JSON?),
        _ replyTo: (String, JSON?),
        _ channel: ChannelAccess
    ) -> ProviderRequest {
        let buttons = message.buttons.map { button in
            ["type": "reply", "id": .string(button.id), "text": .string(button.title)] as JSON
        }
        return call(
            channel,
            "sendButtons",
            chat,
            ("header", .text(message.header)),
            ("body", .string(message.body)),
            ("footer", .text(message.footer)),
            ("buttons", .array(buttons)),
            replyTo
        )
    }

    private static func send(
        _ media: OutboundMedia,
        _ chat: (String, JSON?),
        _ replyTo: (String, JSON?),
        _ channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        guard case .link(let link) = media.source else { throw .unsupported(.mediaByID, .waha) }
        let (name, mimeType): (String, String) =
            switch media.kind {
            case .image: ("sendImage", "image/jpeg")
            case .video: ("sendVideo", "video/mp4")
            case .audio: ("sendVoice", "audio/ogg; codecs=opus")
            case .document: ("sendFile", "application/octet-stream")
            case .sticker: throw .invalid(field: "media", reason: "WAHA sends no stickers")
            }
        let file = members(
            ("mimetype", .string(media.mimeType ?? mimeType)),
            ("url", .string(link)),
            ("filename", .text(media.fileName))
        )
        // Phones play only Opus voice notes and H.264 videos. WAHA converts all other formats.
        let converts = media.kind == .audio || media.kind == .video
        return call(
            channel,
            name,
            chat,
            ("file", file),
            ("caption", .text(media.caption)),
            ("convert", converts ? true : nil),
            replyTo
        )
    }

    /// The host in a webhook's address is WAHA's own idea of its host, often a private one. The
    /// same path under our own base leads to the same file.
    private static func download(
        _ source: MediaSource,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        guard case .url(let url) = source, let address = WebAddress(url),
            address.pathAndQuery.hasPrefix("/api/files/"), !address.pathAndQuery.contains("..")
        else { throw .invalid(field: "media", reason: "the address is no file of WAHA") }
        let own = channel.baseURL + address.pathAndQuery
        return .file(own, headers: headers(channel))
    }

    private static func chatID(_ recipient: Recipient) throws(ProviderError) -> JSON {
        switch recipient {
        case .phone(let number): return .string(number.digits + "@c.us")
        case .identity(let identity):
            if let number = identity.dialled { return .string(number.digits + "@c.us") }
            if identity.kind == .lid { return .string(identity.value + "@lid") }
            throw .invalid(field: "recipient", reason: "WAHA knows no \(identity.kind.rawValue)")
        case .chat(let id): return .string(id)
        }
    }
}

extension ListMessage {
    fileprivate var wahaJSON: JSON {
        let sections = sections.map { section in
            let rows = section.rows.map { row in
                members(
                    ("title", .string(row.title)),
                    ("rowId", .string(row.id)),
                    ("description", .text(row.detail))
                )
            }
            return members(("title", .text(section.title)), ("rows", .array(rows)))
        }
        return members(
            ("title", .text(header)),
            ("description", .string(body)),
            ("footer", .text(footer)),
            ("button", .string(button)),
            ("sections", .array(sections))
        )
    }
}

extension String {
    /// The number without its `+`.
    var digits: String { hasPrefix("+") ? String(dropFirst()) : self }
}
