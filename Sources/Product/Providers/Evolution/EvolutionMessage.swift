import FunctionContract

/// A message of Evolution. Its key is in `key` or among the other members.
struct EvolutionMessage {
    private static let revocationType = 0
    private static let editType = 14

    private let json: JSON
    private let key: JSON

    init(_ json: JSON) {
        self.json = json
        key = json["key"]?.object == nil ? json : json["key"] ?? json
    }

    /// If there is a `keyId`, the `id` beside it is a row id of Evolution's own database.
    var id: MessageID? {
        guard let id = (json["keyId"] ?? key["id"])?.asIdentifier else { return nil }
        return MessageID(id, alternates: [json["messageId"]?.asIdentifier])
    }

    var isOwn: Bool { (json["fromMe"] ?? key["fromMe"])?.asBool ?? false }

    var time: Timestamp? { json["messageTimestamp"]?.asMoment }

    /// The content for a reader; nil if there is none.
    var words: MessageContent? { BaileysMessage(json["message"]).content }

    /// The event for the message; nil if it cannot be read.
    var kind: DomainEvent.Kind? {
        let message = BaileysMessage(json["message"])
        if let reaction = message.reaction { return self.reaction(reaction) }
        if let part = message.protocolMessage { return change(part) }
        if message.isTechnical { return .technical }
        guard let content = message.content ?? missingContent else { return nil }
        guard let id else { return nil }
        var inbound = InboundMessage(id: id, chat: chat, sender: sender, content: content)
        inbound.replyTo = message.replyTo ?? replyTo
        if isOwn { inbound.recipient = otherSide }
        return isOwn ? .echo(inbound) : .message(inbound)
    }

    /// The author. The name in our own messages is the phone's word for "you", so it must not
    /// become a contact's name.
    var sender: Party {
        if isOwn { return Party() }
        var party = chat.kind == .direct ? otherSide : author
        party.profileName = json["pushName"]?.asIdentifier
        return party
    }

    /// The contact of a direct chat. Its number comes first, even if the chat has a hidden id.
    var otherSide: Party {
        var party = Party()
        let jids = ["senderPn", "remoteJidAlt", "remoteJid", "senderLid", "previousRemoteJid"]
            .map { (key[$0] ?? json[$0])?.asIdentifier }
        for jid in jids where jid?.hasSuffix("@lid") == false { party.add(jid: jid) }
        for jid in jids where jid?.hasSuffix("@lid") == true { party.add(jid: jid) }
        return party
    }

    private var author: Party {
        var party = Party()
        for name in ["participantPn", "participantAlt", "participant", "participantLid"] {
            party.add(jid: (key[name] ?? json[name])?.asIdentifier)
        }
        return party
    }

    private var chat: Chat {
        (key["remoteJid"] ?? json["remoteJid"])?.asIdentifier.map { Chat(jid: $0) } ?? .direct
    }

    /// Evolution moves the context of some messages out of their content.
    private var replyTo: ReplyContext? {
        guard let id = json["contextInfo"]?["stanzaId"]?.asIdentifier else { return nil }
        return ReplyContext(
            messageID: MessageID(id),
            author: json["contextInfo"]?["participant"]?.asIdentifier
        )
    }

    /// WhatsApp no longer sends view-once media to linked devices. Only a stub arrives.
    private var missingContent: MessageContent? {
        let stub = json["messageStubParameters"]?[0]?.asText
        let isStub = key["isViewOnce"]?.asBool == true || stub == "Message absent from node"
        guard isStub else { return nil }
        return .unsupported(type: "view_once", ProviderFailure(title: stub))
    }

    private func reaction(_ part: JSON) -> DomainEvent.Kind? {
        guard let target = part["key"]?["id"]?.asIdentifier else { return nil }
        return .reaction(
            Reaction(
                id: id,
                target: MessageID(target),
                emoji: part["text"]?.asIdentifier,
                sender: sender,
                chat: chat,
                isOwn: isOwn
            )
        )
    }

    /// The effect of a protocol message: it revokes or edits another message. All other types are
    /// technical.
    func change(_ part: JSON) -> DomainEvent.Kind? {
        let isType = { (name: String, number: Int) in
            part["type"]?.asText == name || part["type"]?.asInteger == number
        }
        let isRevocation = isType("REVOKE", Self.revocationType)
        let isEdit = isType("MESSAGE_EDIT", Self.editType)
        guard isRevocation || isEdit else { return part["type"] == nil ? nil : .technical }
        guard let target = part["key"]?["id"]?.asIdentifier else { return nil }
        if isRevocation {
            return .revoked(
                MessageRevocation(target: MessageID(target), sender: sender, isOwn: isOwn)
            )
        }
        guard let content = BaileysMessage(part["editedMessage"]).content else { return nil }
        return .edited(
            MessageEdit(
                target: MessageID(target),
                content: content,
                sender: sender,
                isOwn: isOwn
            )
        )
    }
}
