private import FunctionContract

// Messages from contacts, and our own that were sent from the phone.

extension MetaChange {
    var messageEvents: [DomainEvent] {
        let messages = value["messages"].elements
        let contacts = MetaContacts(value["contacts"].elements)
        return messages.enumerated().map { index, message in
            let sender = sender(of: message, isOnly: messages.count == 1, among: contacts)
            return event(for: message, at: "\(place).messages[\(index)]", from: sender)
        }
    }

    var echoEvents: [DomainEvent] {
        value["message_echoes"].elements.enumerated().map { index, message in
            let place = "\(place).message_echoes[\(index)]"
            guard let id = message["id"]?.asIdentifier else { return unknown(message, at: place) }
            var sender = Party()
            sender.add(.waID, message["from"]?.asIdentifier)
            var echo = inboundMessage(MessageID(id), message, from: sender)
            echo.recipient.add(.waID, message["to"]?.asIdentifier)
            echo.recipient.add(.bsuid, message["to_user_id"]?.asIdentifier)
            return messageEvent(.echo(echo), id, message)
        }
    }

    private func event(for message: JSON, at place: String, from sender: Party) -> DomainEvent {
        guard let id = message["id"]?.asIdentifier,
            let kind = kind(of: message, MessageID(id), from: sender)
        else {
            let type = message["type"]?.asText ?? "?"
            let detail = message[type]?["type"]?.asText
            let name = [type, detail].compactMap { $0 }.joined(separator: ".")
            return unknown(message, at: "\(place).\(name)")
        }
        return messageEvent(kind, id, message)
    }

    private func messageEvent(
        _ kind: DomainEvent.Kind,
        _ id: String,
        _ message: JSON
    ) -> DomainEvent {
        DomainEvent(
            dedupeKey: "m:" + id,
            channel: channel,
            occurredAt: message["timestamp"]?.asMoment ?? time,
            kind: kind,
            raw: message
        )
    }

    private func kind(
        of message: JSON,
        _ id: MessageID,
        from sender: Party
    ) -> DomainEvent.Kind? {
        switch message["type"]?.asText {
        case "reaction": reaction(message, id, from: sender).map(DomainEvent.Kind.reaction)
        case "system": numberChange(message, from: sender).map(DomainEvent.Kind.numberChanged)
        case "edit": edit(message, from: sender).map(DomainEvent.Kind.edited)
        case "revoke": revocation(message, from: sender).map(DomainEvent.Kind.revoked)
        default: .message(inboundMessage(id, message, from: sender))
        }
    }

    private func inboundMessage(
        _ id: MessageID,
        _ message: JSON,
        from sender: Party
    ) -> InboundMessage {
        var inbound = InboundMessage(
            id: id,
            chat: chat(of: message),
            sender: sender,
            content: MetaContent(message, errors: value["errors"]).content
        )
        let context = message["context"]
        inbound.replyTo = replyContext(context)
        inbound.referral = referral(message["referral"])
        inbound.isForwarded =
            context?["forwarded"]?.asBool == true
            || context?["frequently_forwarded"]?.asBool == true
        return inbound
    }

    private func chat(of message: JSON) -> Chat {
        guard let group = message["group_id"]?.asIdentifier else { return .direct }
        return Chat(kind: .group, id: group)
    }

    /// Joins what the message and its contact say about who wrote it. Either may be missing, and
    /// the number in one need not be the number in the other.
    private func sender(
        of message: JSON,
        isOnly: Bool,
        among contacts: MetaContacts
    ) -> Party {
        let waID = message["from"]?.asIdentifier
        let userID = message["from_user_id"]?.asIdentifier
        let named = contacts.first(waID: waID, userID: userID)
        let contact = isOnly ? contacts.only ?? named : named
        var party = Party()
        party.add(.waID, waID)
        party.add(.waID, contact?["wa_id"]?.asIdentifier)
        party.add(.bsuid, userID)
        party.add(.bsuid, contact?["user_id"]?.asIdentifier)
        party.add(.parentBSUID, message["from_parent_user_id"]?.asIdentifier)
        party.add(.parentBSUID, contact?["parent_user_id"]?.asIdentifier)
        party.profileName = contact?["profile"]?["name"]?.asIdentifier
        return party
    }

    private func reaction(_ message: JSON, _ id: MessageID, from sender: Party) -> Reaction? {
        guard let target = message["reaction"]?["message_id"]?.asIdentifier else { return nil }
        return Reaction(
            id: id,
            target: MessageID(target),
            emoji: message["reaction"]?["emoji"]?.asIdentifier,
            sender: sender,
            chat: chat(of: message),
            isOwn: false
        )
    }

    private func numberChange(_ message: JSON, from old: Party) -> NumberChange? {
        let system = message["system"]
        guard system?["type"]?.asText == "user_changed_number",
            let number = (system?["new_wa_id"] ?? system?["wa_id"])?.asIdentifier
        else { return nil }
        var new = Party()
        new.add(.waID, number)
        new.add(.bsuid, system?["user_id"]?.asIdentifier)
        return NumberChange(old: old, new: new)
    }

    private func edit(_ message: JSON, from sender: Party) -> MessageEdit? {
        guard let edit = message["edit"], let new = edit["message"],
            let target = edit["original_message_id"]?.asIdentifier
        else { return nil }
        return MessageEdit(
            target: MessageID(target),
            content: MetaContent(new, errors: nil).content,
            sender: sender,
            isOwn: false
        )
    }

    private func revocation(_ message: JSON, from sender: Party) -> MessageRevocation? {
        guard let target = message["revoke"]?["original_message_id"]?.asIdentifier else {
            return nil
        }
        return MessageRevocation(target: MessageID(target), sender: sender, isOwn: false)
    }

    private func replyContext(_ context: JSON?) -> ReplyContext? {
        let id = context?["id"]?.asIdentifier
        let product = context?["referred_product"]?["product_retailer_id"]?.asIdentifier
        if id == nil, product == nil { return nil }
        return ReplyContext(
            messageID: id.map { MessageID($0) },
            author: context?["from"]?.asIdentifier,
            productID: product
        )
    }

    private func referral(_ referral: JSON?) -> Referral? {
        guard let referral, referral.object != nil else { return nil }
        return Referral(
            sourceURL: referral["source_url"]?.asIdentifier,
            sourceID: referral["source_id"]?.asIdentifier,
            sourceType: referral["source_type"]?.asIdentifier,
            headline: referral["headline"]?.asIdentifier,
            body: referral["body"]?.asIdentifier,
            clickID: referral["ctwa_clid"]?.asIdentifier
        )
    }
}

/// The contacts beside messages, found by name: a delivery may carry a thousand of each.
private struct MetaContacts {
    private let contacts: [JSON]
    private var placesByWAID: [String: Int] = [:]
    private var placesByUserID: [String: Int] = [:]

    init(_ contacts: [JSON]) {
        self.contacts = contacts
        for (place, contact) in contacts.enumerated().reversed() {
            if let id = contact["wa_id"]?.asIdentifier { placesByWAID[id] = place }
            if let id = contact["user_id"]?.asIdentifier { placesByUserID[id] = place }
        }
    }

    var only: JSON? { contacts.count == 1 ? contacts[0] : nil }

    /// The first that has one of the names.
    func first(waID: String?, userID: String?) -> JSON? {
        let places = [waID.flatMap { placesByWAID[$0] }, userID.flatMap { placesByUserID[$0] }]
        return places.compactMap { $0 }.min().map { contacts[$0] }
    }
}
