import FunctionContract

/// A message of WAHA. `_data` holds the engine's own data, whose form depends on the engine.
struct WAHAMessage {
    private let json: JSON
    private let data: JSON?
    private let me: JSON?

    init(_ json: JSON, me: JSON?) {
        self.json = json
        self.me = me
        data = json["_data"]
    }

    var id: MessageID? { json["id"]?.asIdentifier.map(WAHA.messageID) }

    private var isOwn: Bool { json["fromMe"]?.asBool ?? false }

    /// The id names the chat, even if `from` is missing or is a member of a group.
    var chat: Chat {
        if let jid = idPart(1) { return Chat(jid: jid) }
        let side = isOwn ? json["to"] ?? json["from"] : json["from"]
        return side?.asIdentifier.map { Chat(jid: $0) } ?? .direct
    }

    var sender: Party {
        var party = Party()
        if isOwn {
            party.add(jid: me?["id"]?.asIdentifier)
            return party
        }
        party.add(jid: json["participant"]?.asIdentifier)
        party.add(jid: json["author"]?.asIdentifier)
        // In a group, `from` may be the group; `add` ignores it.
        party.add(jid: json["from"]?.asIdentifier)
        if chat.kind == .broadcast { party.add(jid: idPart(3)) }
        let key = data?["key"]
        let info = data?["Info"]
        for alternate in [
            key?["remoteJidAlt"], key?["participantAlt"], key?["senderPn"], key?["senderLid"],
            info?["SenderAlt"],
        ] {
            party.add(jid: alternate?.asIdentifier)
        }
        party.profileName =
            (data?["notifyName"] ?? data?["pushName"] ?? info?["PushName"])?.asIdentifier
        return party
    }

    /// A part of `true_<chat>_<id>_<author>`; nil for ids of another form.
    private func idPart(_ index: Int) -> String? {
        let parts = (id?.value ?? "").split(separator: "_", maxSplits: 3)
        guard parts.count >= 3, parts[1].contains("@"), parts.indices.contains(index) else {
            return nil
        }
        return String(parts[index])
    }

    var inbound: InboundMessage? {
        guard let id else { return nil }
        var message = InboundMessage(id: id, chat: chat, sender: sender, content: content)
        if isOwn { message.recipient.add(jid: json["to"]?.asIdentifier) }
        let replyTo = json["replyTo"]
        if let target = (replyTo?["id"] ?? replyTo)?.asIdentifier {
            message.replyTo = ReplyContext(
                messageID: WAHA.messageID(target),
                author: replyTo?["participant"]?.asIdentifier
            )
        }
        return message
    }

    private var content: MessageContent {
        let body = json["body"]?.asIdentifier
        if let choice { return choice }
        if json["media"]?.object != nil || json["hasMedia"]?.asBool == true { return media(body) }
        if let location { return location }
        let cards = json["vCards"].elements.compactMap { $0.asText.map(VCard.init) }
        if !cards.isEmpty {
            return .contacts(cards.map { SharedContact(name: $0.name, phones: $0.phones) })
        }
        if let body { return .text(body) }
        let type = (json["type"] ?? data?["type"])?.asIdentifier
        return .unsupported(type: type ?? "empty", ProviderFailure())
    }

    private func media(_ caption: String?) -> MessageContent {
        let part = json["media"]
        let mimeType = part?["mimetype"]?.asIdentifier
        let type = data?["type"]?.asText
        var media = Media(Media.Kind(mimeType: mimeType))
        media.url = part?["url"]?.asIdentifier
        media.mimeType = mimeType
        media.fileName = part?["filename"]?.asIdentifier
        media.caption = caption
        media.isVoice = type == "ptt" || data?["message"]?["audioMessage"]?["ptt"]?.asBool == true
        media.isViewOnce = data?["isViewOnce"]?.asBool ?? false
        return .media(media)
    }

    /// Answers to buttons and menus, from the engine's own data, which differs by engine.
    private var choice: MessageContent? {
        if let payload = data?["selectedButtonId"]?.asIdentifier {
            let title = json["body"]?.asIdentifier
            return .choice(Choice(source: .button, payload: payload, title: title))
        }
        if let part = data?["listResponse"] {
            return .choice(
                Choice(
                    source: .list,
                    payload: part["singleSelectReply"]?["selectedRowId"]?.asIdentifier,
                    title: part["title"]?.asIdentifier,
                    detail: part["description"]?.asIdentifier
                )
            )
        }
        return BaileysMessage(data?["message"] ?? data?["Message"]).choice
    }

    private var location: MessageContent? {
        guard let part = json["location"], let latitude = part["latitude"]?.asDouble,
            let longitude = part["longitude"]?.asDouble
        else { return nil }
        return .location(
            Location(
                latitude: latitude,
                longitude: longitude,
                name: (part["name"] ?? part["description"])?.asIdentifier,
                address: part["address"]?.asIdentifier
            )
        )
    }
}
