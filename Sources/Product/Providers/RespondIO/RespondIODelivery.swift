import FunctionContract

/// One webhook of respond.io. Its ids may be numbers or strings; both are read.
struct RespondIODelivery {
    private let envelope: GatewayEvent
    private let body: JSON
    private let message: JSON?

    init(_ body: JSON) {
        self.body = body
        message = body["message"]
        let channel = body["channel"]?["id"] ?? message?["channelId"]
        envelope = GatewayEvent(
            name: (body["event_type"] ?? body["event"])?.asText ?? "",
            channel: ChannelReference(id: channel?.asIdentifier),
            time: (message?["timestamp"] ?? body["timestamp"])?.asMoment
        )
    }

    var event: DomainEvent {
        let isMessage = envelope.name == "message.received" || envelope.name == "message.sent"
        guard isMessage, var inbound else { return envelope.unknown(body, key: eventID) }
        let isOwn = (message?["traffic"]?.asText ?? "") == "outgoing"
        if isOwn || envelope.name == "message.sent" {
            inbound.recipient = inbound.sender
            inbound.sender = Party()
            return event(.echo(inbound), inbound.id)
        }
        return event(.message(inbound), inbound.id)
    }

    private var eventID: String? { body["event_id"]?.asIdentifier }

    private func event(_ kind: DomainEvent.Kind, _ id: MessageID) -> DomainEvent {
        let key = eventID ?? dedupeKey(envelope.name, id.value)
        return envelope.event(kind, key: key, at: nil)
    }

    private var inbound: InboundMessage? {
        guard let message, let id = message["messageId"]?.asIdentifier else { return nil }
        return InboundMessage(
            id: MessageID(id, alternates: [message["channelMessageId"]?.asIdentifier]),
            chat: .direct,
            sender: contact,
            content: content(of: message["message"] ?? .null)
        )
    }

    private var contact: Party {
        let contact = body["contact"]
        var party = Party()
        party.add(.providerContact, (contact?["id"] ?? message?["contactId"])?.asIdentifier)
        party.add(number: contact?["phone"]?.asIdentifier)
        let names = [contact?["firstName"], contact?["lastName"]].compactMap { $0?.asIdentifier }
        party.profileName = names.isEmpty ? nil : names.joined(separator: " ")
        return party
    }

    private func content(of part: JSON) -> MessageContent {
        let type = part["type"]?.asIdentifier ?? "unknown"
        let text = part["text"]?.asIdentifier
        switch type {
        case "attachment", "image", "video", "audio", "file":
            guard let file = part["attachment"], file.object != nil else { break }
            return attachment(file, typed: type)
        case "location": return location(part) ?? .unsupported(type: type, ProviderFailure())
        case "quick_reply":
            let title = (part["title"] ?? part["text"])?.asIdentifier
            return .choice(
                Choice(source: .button, payload: part["payload"]?.asIdentifier, title: title)
            )
        default: break
        }
        return text.map(MessageContent.text) ?? .unsupported(type: type, ProviderFailure())
    }

    /// The type of the file takes precedence over the type of the message.
    private func attachment(_ part: JSON, typed type: String) -> MessageContent {
        let mimeType = part["mimeType"]?.asIdentifier
        let kind = [part["type"]?.asText, type].lazy.compactMap { $0 }
            .compactMap(Media.Kind.init(rawValue:)).first
        var media = Media(kind ?? Media.Kind(mimeType: mimeType))
        media.url = part["url"]?.asIdentifier
        media.mimeType = mimeType
        media.fileName = part["fileName"]?.asIdentifier
        media.caption = part["description"]?.asIdentifier
        return .media(media)
    }

    private func location(_ part: JSON) -> MessageContent? {
        let place = part["location"] ?? part
        guard let latitude = place["latitude"]?.asDouble,
            let longitude = place["longitude"]?.asDouble
        else { return nil }
        return .location(
            Location(
                latitude: latitude,
                longitude: longitude,
                address: place["address"]?.asIdentifier
            )
        )
    }
}
