import FunctionContract

/// One webhook of WAHA: an envelope around the payload of one event.
struct WAHADelivery {
    private let envelope: GatewayEvent
    private let id: String?
    private let me: JSON?
    private let payload: JSON

    init(_ body: JSON) {
        me = body["me"]
        envelope = GatewayEvent(
            name: body["event"]?.asText ?? "",
            channel: ChannelReference(
                id: body["session"]?.asIdentifier,
                phone: me?["id"]?.asIdentifier.map { JID($0).user }
            ),
            time: body["timestamp"]?.asMoment
        )
        id = body["id"]?.asIdentifier
        payload = body["payload"] ?? .null
    }

    var event: DomainEvent {
        let kind: DomainEvent.Kind? =
            switch envelope.name {
            case "message", "message.any": message
            case "message.reaction": reaction
            case "message.ack", "message.ack.group": receipt
            case "message.edited": edit
            case "message.revoked": revocation
            case "poll.vote": vote
            case "call.received": call(.ringing)
            case "call.accepted": call(.accepted)
            case "call.rejected": call(.rejected)
            case "session.status": session
            default: nil
            }
        guard let kind else { return envelope.unknown(payload, key: id) }
        return envelope.event(kind, key: key, at: payload["timestamp"]?.asMoment)
    }

    /// Old versions send no event id. The key then consists of the message and its status.
    private var key: String {
        if let id { return id }
        guard let target = payload["id"]?.asIdentifier else {
            return envelope.contentKey(of: payload)
        }
        let ack = payload["ack"]?.asText
        return dedupeKey(envelope.name, target, ack, payload["participant"]?.asIdentifier)
    }

    private var message: DomainEvent.Kind? {
        guard let inbound = WAHAMessage(payload, me: me).inbound else { return nil }
        return payload["fromMe"]?.asBool == true ? .echo(inbound) : .message(inbound)
    }

    private var reaction: DomainEvent.Kind? {
        let message = WAHAMessage(payload, me: me)
        guard let part = payload["reaction"], let target = part["messageId"]?.asIdentifier else {
            return nil
        }
        return .reaction(
            Reaction(
                id: message.id,
                target: WAHA.messageID(target),
                emoji: part["text"]?.asIdentifier,
                sender: message.sender,
                chat: message.chat,
                isOwn: payload["fromMe"]?.asBool ?? false
            )
        )
    }

    /// Only receipts for our own messages. The others report that we have read a message.
    private var receipt: DomainEvent.Kind? {
        guard let id = payload["id"]?.asIdentifier,
            payload["fromMe"]?.asBool ?? id.hasPrefix("true_"),
            let status = WAHA.status(payload["ack"], name: payload["ackName"])
        else { return nil }
        var update = StatusUpdate(messageID: WAHA.messageID(id), status: status)
        update.at = envelope.time
        // The documentation and the engines disagree on which of the two is the other side.
        let jid = payload["participant"] ?? payload["to"] ?? payload["from"]
        update.recipient.add(jid: jid?.asIdentifier)
        if status == .failed { update.failure = ProviderFailure(title: "ERROR") }
        return .status(update)
    }

    private var edit: DomainEvent.Kind? {
        guard let target = payload["editedMessageId"]?.asIdentifier,
            let body = payload["body"]?.asText
        else { return nil }
        return .edited(
            MessageEdit(
                target: fullID(target, beside: payload["id"]),
                content: .text(body),
                sender: WAHAMessage(payload, me: me).sender,
                isOwn: payload["fromMe"]?.asBool ?? isOwn(payload["id"])
            )
        )
    }

    private var revocation: DomainEvent.Kind? {
        let before = payload["before"]
        let after = payload["after"]
        let target = payload["revokedMessageId"] ?? before?["id"] ?? after?["id"]
        guard let target = target?.asIdentifier else { return nil }
        let message = WAHAMessage(before?.object == nil ? after ?? .null : before ?? .null, me: me)
        return .revoked(
            MessageRevocation(
                target: fullID(target, beside: before?["id"] ?? after?["id"]),
                sender: message.sender,
                isOwn: isOwn(after?["id"] ?? before?["id"])
            )
        )
    }

    /// The full id under which the target was stored. Edits and revocations contain only its bare
    /// id. The chat is taken from the id of `other`: `false_22890123456@c.us_3EB0…`.
    private func fullID(_ target: String, beside other: JSON?) -> MessageID {
        let parts = (other?.asText ?? "").split(separator: "_", maxSplits: 3)
        let isFull = parts.count >= 3 && parts[1].contains("@")
        guard isFull, !target.contains("@") else { return WAHA.messageID(target) }
        let full = [parts[0], parts[1], Substring(target)] + parts.dropFirst(3)
        return WAHA.messageID(full.joined(separator: "_"))
    }

    private func call(_ phase: CallUpdate.Phase) -> DomainEvent.Kind? {
        guard let id = payload["id"]?.asIdentifier else { return nil }
        var contact = Party()
        contact.add(jid: payload["from"]?.asIdentifier)
        let isOfGroup = payload["isGroup"]?.asBool == true
        return .call(
            CallUpdate(
                id: id,
                phase: phase,
                contact: contact,
                chat: isOfGroup ? Chat(kind: .group, id: nil) : .direct,
                isOwn: false
            )
        )
    }

    private var vote: DomainEvent.Kind? {
        guard let vote = payload["vote"], let id = vote["id"]?.asIdentifier else { return nil }
        let message = WAHAMessage(vote, me: me)
        var inbound = InboundMessage(
            id: WAHA.messageID(id),
            chat: message.chat,
            sender: message.sender,
            content: .poll(vote["selectedOptions"].elements.compactMap(\.asText))
        )
        inbound.replyTo = payload["poll"]?["id"]?.asIdentifier.map {
            ReplyContext(messageID: WAHA.messageID($0))
        }
        return vote["fromMe"]?.asBool == true ? .echo(inbound) : .message(inbound)
    }

    private var session: DomainEvent.Kind? {
        guard let word = payload["status"]?.asIdentifier, let state = Self.state(word) else {
            return nil
        }
        var account = Party()
        account.add(jid: me?["id"]?.asIdentifier)
        account.add(jid: me?["lid"]?.asIdentifier)
        account.profileName = me?["pushName"]?.asIdentifier
        return .session(
            SessionUpdate(
                state: state,
                word: word,
                account: account,
                detail: payload["data"]?["code"]?.asIdentifier
            )
        )
    }

    private static func state(_ word: String) -> SessionUpdate.State? {
        switch word {
        case "STOPPED": .stopped
        case "STARTING": .starting
        case "SCAN_QR_CODE", "PASSKEY_REQUIRED", "PASSKEY_CONFIRMATION_REQUIRED": .needsPairing
        case "WORKING": .working
        case "FAILED": .failed
        default: nil
        }
    }

    private func isOwn(_ id: JSON?) -> Bool { id?.asText?.hasPrefix("true_") ?? false }
}
