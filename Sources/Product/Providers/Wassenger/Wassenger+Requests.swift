import FunctionContract

extension Wassenger {
    private static let typingSeconds = 10

    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        switch operation {
        case .send(let message):
            return post(channel, channel.url("messages"), try body(of: message, channel))
        case .typing(let recipient, let isOn):
            guard isOn else {
                throw .invalid(field: "typing", reason: "it ends by itself or with a message")
            }
            let url = channel.url("chat", channel.channelID, "typing")
            let (_, chat) = try target(recipient)
            return post(
                channel,
                url,
                [
                    "action": "typing", "duration": .integer(typingSeconds),
                    "chat": .string(chat),
                ]
            )
        case .checkNumber(let number):
            return post(channel, channel.url("numbers", "exists"), ["phone": .string(number)])
        case .lookUpMessage(let id, _):
            return get(channel, channel.url("messages", id))
        case .searchMessage(let search): return try self.search(search, channel)
        case .downloadMedia(let source):
            return try download(source, through: channel)
        case .markRead, .mediaAddress, .createTemplate, .listTemplates, .deleteTemplate:
            throw .unsupported(operation.capability, .wassenger)
        }
    }

    private static func post(
        _ channel: ChannelAccess,
        _ url: String,
        _ json: JSON
    ) -> ProviderRequest {
        ProviderRequest(.post, url, headers: ["token": channel.token], json: json)
    }

    private static func get(_ channel: ChannelAccess, _ url: String) -> ProviderRequest {
        ProviderRequest(.get, url, headers: ["token": channel.token])
    }

    private static func download(
        _ source: MediaSource,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        let url: String
        switch source {
        case .id(let id): url = channel.url("chat", channel.channelID, "files", id, "download")
        case .url(let text): url = try channel.addressOfItsOwn(text)
        case .message:
            throw .invalid(field: "media", reason: "Wassenger fetches files by their id")
        }
        return .file(url, headers: ["token": channel.token])
    }

    private static func body(
        of message: OutboundMessage,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> JSON {
        let (name, recipient) = try target(message.recipient)
        let reference = try message.reference.checked(
            "reference",
            atMost: MessageLimits.reference
        )
        var object = JSONObject([
            (name, .string(recipient)), ("device", .string(channel.channelID)),
        ])
        object["reference"] = .text(reference)
        object["quote"] = .text(message.replyTo)
        object.members += try content(message.content)
        return .object(object)
    }

    private static func content(
        _ content: OutboundContent
    ) throws(ProviderError) -> [(name: String, value: JSON)] {
        switch content {
        case .text(let text, _):
            return [("message", .string(try text.checked("text", atMost: MessageLimits.text)))]
        case .media(let media): return self.media(try media.checked())
        case .reaction(let target, let emoji):
            let emoji = try emoji.checked("emoji", atMost: MessageLimits.emoji) ?? "-"
            return [("reaction", .string(emoji)), ("reactionMessage", .string(target))]
        case .template(let template): return [("template", try template.wassengerJSON)]
        case .buttons, .list: throw .unsupported(content.capability, .wassenger)
        }
    }

    private static func media(_ media: OutboundMedia) -> [(name: String, value: JSON)] {
        let source: (String, JSON?) =
            switch media.source {
            case .link(let link): ("url", .string(link))
            case .id(let id): ("file", .string(id))
            }
        let part = members(source, ("filename", .text(media.fileName)))
        return [("media", part)] + (media.caption.map { [("message", .string($0))] } ?? [])
    }

    /// The name and value of the field for a recipient.
    private static func target(
        _ recipient: Recipient
    ) throws(ProviderError) -> (name: String, value: String) {
        switch recipient {
        case .phone(let number): return ("phone", number)
        case .identity(let identity):
            if let number = identity.dialled { return ("phone", number) }
        case .chat(let id):
            switch JID(id).server {
            case .group: return ("group", id)
            case .newsletter: return ("channel", id)
            case .user where JID(id).user.isPhoneDigits: return ("phone", "+" + JID(id).user)
            case .user, .lid, .broadcast, .other: break
            }
        }
        throw .invalid(field: "recipient", reason: "Wassenger writes to numbers and groups")
    }
}

extension TemplateMessage {
    /// Wassenger's own notation: every variable has a name, which may be its position from 1.
    fileprivate var wassengerJSON: JSON {
        get throws(ProviderError) {
            let header: JSON? =
                switch header {
                case .text(let value): ["text": try Self.variable(value, 1)]
                case .media(let media): ["media": try media.wassengerJSON]
                case .location(let place):
                    [
                        "location": [
                            "coordinates": [.number(place.latitude), .number(place.longitude)]
                        ]
                    ]
                case nil: JSON?.none
                }
            var variables: [JSON] = []
            for (place, value) in body.enumerated() {
                variables.append(try Self.variable(value, place + 1))
            }
            return members(
                ("name", .string(try TemplateName(name).text)),
                ("language", .string(language)),
                ("header", header),
                ("body", variables.isEmpty ? nil : .array(variables)),
                ("button", buttons.isEmpty ? nil : .array(buttons.map(Self.button)))
            )
        }
    }

    private static func variable(
        _ value: Parameter,
        _ place: Int
    ) throws(ProviderError) -> JSON {
        ["name": .string(value.name ?? String(place)), "value": .string(try value.value(place))]
    }

    private static func button(_ button: Button) -> JSON {
        let (type, place, value) =
            switch button {
            case .quickReply(let index, let payload): ("quick_reply", index, payload)
            case .url(let index, let suffix): ("url", index, suffix)
            case .copyCode(let index, let code): ("copy_code", index, code)
            }
        return [
            "type": .string(type), "position": .integer(place), "name": "1",
            "value": .string(value),
        ]
    }
}

extension OutboundMedia {
    fileprivate var wassengerJSON: JSON {
        get throws(ProviderError) {
            guard case .link(let link) = try checkedHeader().source else {
                throw .invalid(field: "template header", reason: "Wassenger takes it by link")
            }
            return ["url": .string(link), "type": .string(kind.rawValue)]
        }
    }
}
