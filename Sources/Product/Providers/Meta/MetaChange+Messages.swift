private import FunctionContract

// Messages from contacts, and our own messages sent from the phone.

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
            var sender = Party()
            sender.add(.waID, message["from"]?.asIdentifier)
            return event(for: message, at: place, from: sender, isOwn: true)
        }
    }

    private func event(
        for message: JSON,
        at place: String,
        from sender: Party,
        isOwn: Bool = false
    ) -> DomainEvent {
        guard let id = message["id"]?.asIdentifier,
            let kind = kind(of: message, MessageID(id), from: sender, isOwn: isOwn)
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
            kind: kind
        )
    }

    private func kind(
        of message: JSON,
        _ id: MessageID,
        from sender: Party,
        isOwn: Bool
    ) -> DomainEvent.Kind? {
        switch message["type"]?.asText {
        case "reaction":
            return reaction(message, id, from: sender, isOwn).map(DomainEvent.Kind.reaction)
        case "system":
            return identityChange(message, from: sender).map(DomainEvent.Kind.identityChanged)
        case "edit": return edit(message, from: sender, isOwn).map(DomainEvent.Kind.edited)
        case "revoke":
            return revocation(message, from: sender, isOwn).map(DomainEvent.Kind.revoked)
        default:
            var inbound = inboundMessage(id, message, from: sender)
            guard isOwn else { return .message(inbound) }
            inbound.recipient.add(.waID, message["to"]?.asIdentifier)
            inbound.recipient.add(.bsuid, message["to_user_id"]?.asIdentifier)
            return .echo(inbound)
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
        inbound.replyTo = replyContext(message["context"])
        return inbound
    }

    private func chat(of message: JSON) -> Chat {
        guard let group = message["group_id"]?.asIdentifier else { return .direct }
        return Chat(kind: .group, id: group)
    }

    /// Joins the sender's names from the message and from its contact. Either may be missing, and
    /// their numbers may differ.
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

    private func reaction(
        _ message: JSON,
        _ id: MessageID,
        from sender: Party,
        _ isOwn: Bool
    ) -> Reaction? {
        guard let target = message["reaction"]?["message_id"]?.asIdentifier else { return nil }
        return Reaction(
            id: id,
            target: MessageID(target),
            emoji: message["reaction"]?["emoji"]?.asIdentifier,
            sender: sender,
            chat: chat(of: message),
            isOwn: isOwn
        )
    }

    /// Meta sends the old user id as `previous_user_id`; the message comes from the old number.
    private func identityChange(_ message: JSON, from sender: Party) -> IdentityChange? {
        let system = message["system"]
        let type = system?["type"]?.asText
        guard type == "user_changed_number" || type == "user_changed_user_id" else { return nil }
        let previous = system?["previous_user_id"]?.asIdentifier
        var old = Party()
        for identity in sender.identities {
            // If Meta sends the old id, the id in the message may already be the new one.
            if identity.kind == .bsuid, previous != nil { continue }
            old.add(identity.kind, identity.value)
        }
        old.add(.bsuid, previous)
        var new = Party()
        new.add(.waID, (system?["new_wa_id"] ?? system?["wa_id"])?.asIdentifier)
        new.add(.bsuid, system?["user_id"]?.asIdentifier)
        new.add(.parentBSUID, system?["parent_user_id"]?.asIdentifier)
        return IdentityChange(old: old, new: new)
    }

    private func edit(_ message: JSON, from sender: Party, _ isOwn: Bool) -> MessageEdit? {
        guard let edit = message["edit"], let new = edit["message"],
            let target = edit["original_message_id"]?.asIdentifier
        else { return nil }
        return MessageEdit(
            target: MessageID(target),
            content: MetaContent(new, errors: nil).content,
            sender: sender,
            isOwn: isOwn
        )
    }

    private func revocation(
        _ message: JSON,
        from sender: Party,
        _ isOwn: Bool
    ) -> MessageRevocation? {
        guard let target = message["revoke"]?["original_message_id"]?.asIdentifier else {
            return nil
        }
        return MessageRevocation(target: MessageID(target), sender: sender, isOwn: isOwn)
    }

    private func replyContext(_ context: JSON?) -> ReplyContext? {
        guard let id = context?["id"]?.asIdentifier else { return nil }
        return ReplyContext(messageID: MessageID(id), author: context?["from"]?.asIdentifier)
    }
}
