import FunctionContract

/// One webhook of Wassenger. Both of its forms are in use: the message is either `data` itself, or
/// `data.message` with its chat beside it.
struct WassengerDelivery {
    private let envelope: GatewayEvent
    private let id: String?
    private let device: JSON?
    private let data: JSON
    private let message: WassengerMessage

    init(_ body: JSON) {
        let device = body["device"]
        envelope = GatewayEvent(
            name: body["event"]?.asText ?? "",
            channel: ChannelReference(
                id: (device?["id"] ?? device)?.asIdentifier,
                phone: device?["phone"]?.asIdentifier
            ),
            time: (body["created"] ?? body["createdAt"])?.asMoment
        )
        id = body["id"]?.asIdentifier
        self.device = device
        data = body["data"] ?? body
        message = WassengerMessage(data)
    }

    var events: [DomainEvent] {
        let events: [DomainEvent] =
            switch envelope.name {
            case "message:in:new": received
            case "message:out:new": sent + receipt
            case "message:out:sent", "message:out:ack", "message:out:delivered",
                "message:out:read", "message:out:failed":
                receipt
            case "message:update": changed
            case "message:reaction": reaction
            case "number:session", "device:status:changed": session
            default: []
            }
        return events.isEmpty ? [envelope.unknown(data, key: id)] : events
    }

    private var received: [DomainEvent] {
        guard let inbound = message.inbound else { return [] }
        return [event(message.isOwn ? .echo(inbound) : .message(inbound))]
    }

    private var sent: [DomainEvent] {
        guard var echo = message.inbound else { return [] }
        echo.sender = Party()
        echo.recipient = message.recipient
        return [event(.echo(echo), key: dedupeKey(envelope.name, message.id?.value, "echo"))]
    }

    private var receipt: [DomainEvent] {
        let word = envelope.name.split(separator: ":").last.map(String.init)
        guard let id = message.id, let status = Wassenger.status(word) ?? message.status else {
            return []
        }
        var update = StatusUpdate(messageID: id, status: status)
        update.reference = message.reference
        update.at = envelope.time
        update.recipient = message.recipient
        if status == .failed { update.failure = message.failure }
        let key = dedupeKey(envelope.name, id.value, message.ack ?? "\(status)")
        return [event(.status(update), key: key, at: envelope.time)]
    }

    /// The events of an update: an edit, a revocation, a receipt or a change of a poll. A message
    /// may have several updates, which only the delivery's id distinguishes.
    private var changed: [DomainEvent] {
        guard let target = message.id else { return [] }
        let key = id ?? envelope.contentKey(of: data)
        if message.isRevoked {
            let revocation = MessageRevocation(
                target: target,
                sender: message.sender,
                isOwn: message.isOwn
            )
            return [event(.revoked(revocation), key: key, at: envelope.time)]
        }
        let receipt = message.mayBeOurs ? receipt : []
        guard let content = message.editedContent else { return receipt }
        let edit = MessageEdit(
            target: target,
            content: content,
            sender: message.sender,
            isOwn: message.isOwn
        )
        return [event(.edited(edit), key: key, at: envelope.time)] + receipt
    }

    private var reaction: [DomainEvent] {
        guard let reaction = message.reaction else { return [] }
        return [event(.reaction(reaction), key: id ?? envelope.contentKey(of: data))]
    }

    private var session: [DomainEvent] {
        let status = data["session"]?["status"] ?? data["status"] ?? device?["session"]?["status"]
        guard let word = status?.asIdentifier, let state = Self.sessionState(word) else {
            return []
        }
        var account = Party()
        account.add(number: (data["phone"] ?? device?["phone"])?.asIdentifier)
        let update = SessionUpdate(state: state, word: word, account: account)
        return [event(.session(update), key: id ?? envelope.contentKey(of: data))]
    }

    private static func sessionState(_ word: String) -> SessionUpdate.State? {
        switch word {
        case "online", "operative", "ready": .working
        case "offline", "disconnected", "timeout", "conflict", "disabled": .stopped
        case "authorize", "unauthorized", "pairing", "qr", "scan": .needsPairing
        case "starting", "loading", "connecting", "syncing", "new": .starting
        case "failed", "error", "banned": .failed
        default: nil
        }
    }

    private func event(
        _ kind: DomainEvent.Kind,
        key: String? = nil,
        at moment: Timestamp? = nil
    ) -> DomainEvent {
        envelope.event(
            kind,
            key: key ?? dedupeKey(envelope.name, message.id?.value, message.ack),
            at: moment ?? message.time
        )
    }
}
