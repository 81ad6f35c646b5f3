import FunctionContract

/// A message in a webhook or a reply of Wassenger.
struct WassengerMessage {
    private let json: JSON
    private let chat: JSON?

    init(_ data: JSON) {
        let nested = data["message"]
        json = nested?.object == nil ? data : nested ?? data
        chat = json["chat"]?.object == nil ? data["chat"] : json["chat"]
    }

    /// Our own messages have an id of Wassenger and, once sent, one of WhatsApp.
    var id: MessageID? {
        json["id"]?.asIdentifier.map {
            MessageID($0, alternates: [json["waId"]?.asIdentifier])
        }
    }

    var reference: String? { (json["reference"] ?? json["externalRef"])?.asIdentifier }

    var ack: String? { (json["ack"] ?? json["deliveryStatus"])?.asText }

    var status: DeliveryStatus? {
        let words = [json["ack"], json["deliveryStatus"], json["status"]]
        return words.compactMap { Wassenger.status($0?.asText) }.max()
    }

    var time: Timestamp? { (json["timestamp"] ?? json["date"])?.asMoment }

    var isOwn: Bool {
        let flow = json["flow"]?.asText
        return flow == "outbound" || flow == "out" || json["fromMe"]?.asBool == true
    }

    /// Whether the message may be our own. An update may hold only an id and a status.
    var mayBeOurs: Bool { isOwn || (json["flow"] == nil && json["body"] == nil) }

    var isRevoked: Bool {
        json["meta"]?["isRevoked"]?.asBool == true || json["type"]?.asText == "revoked"
    }

    var failure: ProviderFailure {
        let error = json["error"] ?? json["failure"] ?? json["failureReason"]
        return ProviderFailure(
            code: (error?["code"] ?? json["errorCode"])?.asIdentifier,
            title: (error?["message"] ?? error)?.asIdentifier
        )
    }

    var sender: Party {
        var party = Party()
        party.add(number: json["fromNumber"]?.asIdentifier)
        party.add(jid: json["from"]?.asIdentifier)
        if place.kind == .direct, !isOwn {
            party.add(.lid, chat?["lid"]?.asIdentifier.map { JID($0).user })
        }
        let contact = chat?["contact"]
        party.profileName =
            (json["meta"]?["notifyName"] ?? contact?["name"] ?? contact?["displayName"])?
            .asIdentifier
        return party
    }

    var recipient: Party {
        var party = Party()
        party.add(number: (json["toNumber"] ?? json["phone"])?.asIdentifier)
        party.add(jid: (json["to"] ?? json["wid"])?.asIdentifier)
        return party
    }

    var inbound: InboundMessage? {
        guard let id else { return nil }
        var message = InboundMessage(id: id, chat: place, sender: sender, content: content)
        let quoted = json["quoted"] ?? json["quote"]
        if let target = (quoted?["id"] ?? quoted?["wid"] ?? quoted)?.asIdentifier {
            message.replyTo = ReplyContext(
                messageID: MessageID(target),
                author: quoted?["from"]?.asIdentifier
            )
        }
        return message
    }

    /// The new content of an edited message; nil for polls, whose updates have no text.
    var editedContent: MessageContent? {
        guard json["type"]?.asText != "poll", json["body"]?.asIdentifier != nil else { return nil }
        return content
    }

    /// The emoji `-` removes a reaction, in webhooks as in requests.
    var reaction: Reaction? {
        let part = json["reaction"]
        let emoji = (part?["emoji"] ?? part?["reaction"] ?? part?["text"] ?? part)?.asText
        let target =
            json["reactionMessage"] ?? part?["message"] ?? part?["messageId"]
            ?? json["quoted"]?["id"] ?? json["messageId"]
        guard let emoji, let target = (target?["id"] ?? target)?.asIdentifier else { return nil }
        return Reaction(
            id: id,
            target: MessageID(target),
            emoji: emoji == "-" || emoji.isEmpty ? nil : emoji,
            sender: sender,
            chat: place,
            isOwn: isOwn
        )
    }

    private var place: Chat {
        let id = (chat?["id"] ?? chat)?.asIdentifier
        var place = id.map { Chat(jid: $0) } ?? .direct
        if chat?["type"]?.asText == "group" || json["meta"]?["isGroup"]?.asBool == true {
            place.kind = .group
        }
        return place
    }
}

// MARK: - Content

extension WassengerMessage {
    private var content: MessageContent {
        let type = json["type"]?.asIdentifier ?? "unknown"
        let body = json["body"]?.asIdentifier
        switch type {
        case "image", "video", "audio", "ptt", "document", "sticker", "gif": return media(type)
        case "location": return location ?? unsupported(type)
        case "contact", "contacts", "vcard": return .contacts(contacts)
        case "buttons_response", "template_button_reply": return choice(.button, body)
        case "list_response": return choice(.list, body)
        default: return body.map(MessageContent.text) ?? unsupported(type)
        }
    }

    private func media(_ type: String) -> MessageContent {
        let part = json["media"]
        let mimeType = (part?["mime"] ?? part?["mimetype"])?.asIdentifier
        let kind: Media.Kind =
            switch type {
            case "ptt": .audio
            case "gif": .video
            default: Media.Kind(rawValue: type) ?? Media.Kind(mimeType: mimeType)
            }
        var media = Media(kind)
        media.id = part?["id"]?.asIdentifier
        media.url = part?["links"]?["download"]?.asIdentifier
        media.mimeType = mimeType
        media.fileName = part?["filename"]?.asIdentifier
        media.byteCount = part?["size"]?.asInteger
        media.caption = (part?["caption"] ?? json["body"])?.asIdentifier
        media.isVoice = type == "ptt"
        media.isViewOnce = (part?["viewOnce"] ?? json["meta"]?["isViewOnce"])?.asBool ?? false
        return .media(media)
    }

    private var location: MessageContent? {
        let place = json["location"]
        let pair = place?["coordinates"]
        guard let latitude = (place?["latitude"] ?? pair?[0])?.asDouble,
            let longitude = (place?["longitude"] ?? pair?[1])?.asDouble
        else { return nil }
        return .location(
            Location(
                latitude: latitude,
                longitude: longitude,
                name: place?["name"]?.asIdentifier,
                address: place?["address"]?.asIdentifier
            )
        )
    }

    private var contacts: [SharedContact] {
        json["contacts"].elements.map { card in
            SharedContact(
                name: card["name"]?.asIdentifier,
                phones: [card["phone"]?.asIdentifier].compactMap { $0 }
            )
        }
    }

    private func choice(_ source: Choice.Source, _ title: String?) -> MessageContent {
        let payload = json["selectedId"] ?? json["selectId"] ?? json["selected"]?["id"]
        return .choice(Choice(source: source, payload: payload?.asIdentifier, title: title))
    }

    private func unsupported(_ type: String) -> MessageContent {
        .unsupported(type: type, ProviderFailure())
    }
}
