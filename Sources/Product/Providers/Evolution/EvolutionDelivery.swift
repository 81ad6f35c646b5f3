import FunctionContract

/// One webhook of Evolution. Events are built only from `data` and a few named members.
struct EvolutionDelivery {
    private let envelope: GatewayEvent
    private let data: JSON

    init(_ body: JSON) {
        let instance = body["instance"]
        // "MESSAGES_UPSERT", "messages-upsert" and "messages.upsert" are one event.
        let name = (body["event"]?.asText ?? "").lowercased().map { character in
            character == "_" || character == "-" ? "." : character
        }
        envelope = GatewayEvent(
            name: String(name),
            channel: ChannelReference(
                id: (instance?["instanceName"] ?? instance)?.asIdentifier,
                phone: body["sender"]?.asIdentifier.map { JID($0).user }
            ),
            // Evolution writes its server's local time and calls it UTC.
            time: nil,
            stamp: body["date_time"]?.asText
        )
        data = body["data"] ?? .null
    }

    var events: [DomainEvent] {
        let events: [DomainEvent] =
            switch envelope.name {
            case "messages.upsert", "send.message": elements.map(upserted)
            case "messages.update", "send.message.update": elements.map(updated)
            case "messages.edited": elements.map(edited)
            case "messages.delete": elements.map(deleted)
            case "call": data.asList.map(called)
            case "connection.update", "qrcode.updated", "logout.instance", "remove.instance":
                session
            default: []
            }
        return events.isEmpty ? [envelope.unknown(data)] : events
    }

    private var elements: [JSON] { (data["messages"] ?? data).asList }

    private func upserted(_ element: JSON) -> DomainEvent {
        let message = EvolutionMessage(element)
        guard let id = message.id, let kind = message.kind else {
            let kind = BaileysMessage(element["message"]).kind
            let place = [envelope.name, kind].compactMap { $0 }.joined(separator: ".")
            return envelope.unknown(element, at: place)
        }
        return envelope.event(
            kind,
            key: dedupeKey(envelope.name, id.value),
            at: message.time
        )
    }

    /// The status is in the element, with or without a key, or inside `update`. An edit carries a
    /// meaningless SERVER_ACK, which is not a receipt.
    private func updated(_ element: JSON) -> DomainEvent {
        let message = EvolutionMessage(element)
        let update = element["update"]
        if (element["message"] ?? update?["message"])?["editedMessage"] != nil {
            return edited(element)
        }
        let status = element["status"] ?? update?["status"]
        if status?.asText == "DELETED" { return deleted(element) }
        guard let id = message.id, message.isOwn, let delivery = Evolution.status(status) else {
            return envelope.unknown(element)
        }
        var receipt = StatusUpdate(messageID: id, status: delivery)
        receipt.recipient = message.otherSide
        if delivery == .failed { receipt.failure = ProviderFailure(title: "ERROR") }
        return envelope.event(
            .status(receipt),
            key: dedupeKey(envelope.name, id.value, status?.asText),
            at: nil
        )
    }

    /// Evolution reports every protocol message as an edit. Its `type`, if present, tells what it
    /// is.
    private func edited(_ element: JSON) -> DomainEvent {
        let message = EvolutionMessage(element)
        if element["type"] != nil, element["editedMessage"] == nil,
            let kind = message.change(element)
        {
            let key = dedupeKey(envelope.name, message.id?.value, element["type"]?.asText)
            return envelope.event(kind, key: key, at: nil)
        }
        let edit = EvolutionEdit(element)
        guard let id = edit.target ?? message.id, let content = edit.content else {
            return envelope.unknown(element)
        }
        let kind = DomainEvent.Kind.edited(
            MessageEdit(
                target: id,
                content: content,
                sender: message.sender,
                isOwn: message.isOwn
            )
        )
        // A message may be edited several times, so the key contains the content.
        let key = DomainEvent.contentKey(envelope.name, id.value, "edit", of: edit.words)
        return envelope.event(kind, key: key, at: nil)
    }

    private func deleted(_ element: JSON) -> DomainEvent {
        let message = EvolutionMessage(element)
        guard let id = message.id else { return envelope.unknown(element) }
        let revocation = MessageRevocation(
            target: id,
            sender: message.sender,
            isOwn: message.isOwn
        )
        let key = dedupeKey(envelope.name, id.value, "DELETED")
        return envelope.event(.revoked(revocation), key: key, at: nil)
    }

    private func called(_ call: JSON) -> DomainEvent {
        guard let id = call["id"]?.asIdentifier, let word = call["status"]?.asText,
            let phase = Self.phase(word)
        else { return envelope.unknown(call) }
        var contact = Party()
        for name in ["callerPn", "from", "chatId"] {
            contact.add(jid: call[name]?.asIdentifier)
        }
        let isOfGroup = call["isGroup"]?.asBool == true
        let update = CallUpdate(
            id: id,
            phase: phase,
            contact: contact,
            chat: isOfGroup ? Chat(kind: .group, id: nil) : .direct,
            isOwn: false
        )
        let key = dedupeKey(envelope.name, id, word)
        return envelope.event(.call(update), key: key, at: call["date"]?.asMoment)
    }

    private static func phase(_ word: String) -> CallUpdate.Phase? {
        switch word {
        case "offer", "ringing": .ringing
        case "accept": .accepted
        case "reject": .rejected
        case "timeout", "terminate": .ended
        default: nil
        }
    }

    private var session: [DomainEvent] {
        let word = data["state"]?.asIdentifier ?? envelope.name
        guard let state = sessionState(word) else { return [] }
        var account = Party()
        account.add(jid: data["wuid"]?.asIdentifier)
        account.profileName = data["profileName"]?.asIdentifier
        let update = SessionUpdate(
            state: state,
            word: word,
            account: account,
            detail: data["statusReason"]?.asIdentifier
        )
        let key = envelope.contentKey(of: data)
        return [envelope.event(.session(update), key: key, at: nil)]
    }

    private func sessionState(_ word: String) -> SessionUpdate.State? {
        switch word {
        case "open": .working
        case "connecting": .starting
        // 401 means that the phone has logged us out. The session must be paired again.
        case "close": data["statusReason"]?.asInteger == 401 ? .needsPairing : .stopped
        case "refused": .failed
        case "qrcode.updated": .needsPairing
        case "logout.instance", "remove.instance": .stopped
        default: nil
        }
    }
}

/// The new content of an edited message, unwrapped from up to three layers.
private struct EvolutionEdit {
    let words: JSON
    /// Set if the edit is a separate message that names the message it changes.
    let target: MessageID?

    init(_ element: JSON) {
        let message = element["message"] ?? element["update"]?["message"] ?? element
        let edited = message["editedMessage"] ?? message
        let inner = edited["message"] ?? edited
        let notice = inner["protocolMessage"]
        words = notice?["editedMessage"] ?? inner
        target = notice?["key"]?["id"]?.asIdentifier.map { MessageID($0) }
    }

    var content: MessageContent? { BaileysMessage(words).content }
}
