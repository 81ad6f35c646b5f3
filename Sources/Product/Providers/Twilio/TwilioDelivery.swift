import FunctionContract

/// One webhook of Twilio: an inbound message, or a receipt for one of ours.
struct TwilioDelivery {
    private let form: FormFields
    private let channel: ChannelReference

    init(_ form: FormFields) {
        self.form = form
        let isReceipt = TwilioDelivery.isReceipt(form)
        // The webhook's address identifies the channel. A number may belong to a sender and to a
        // service.
        let own = form[isReceipt ? "From" : "To"]
        channel = ChannelReference(phone: own.map { String(TwilioAddress.bare($0)) })
    }

    var event: DomainEvent {
        let id = (form["MessageSid"] ?? form["SmsSid"]).flatMap { $0.isEmpty ? nil : $0 }
        guard let id else { return unknown("no MessageSid") }
        if Self.isReceipt(form) { return receipt(MessageID(id)) }
        guard form["From"] != nil else { return unknown("no From") }
        return event(.message(inbound(MessageID(id))), key: dedupeKey("m", id))
    }

    /// An inbound message has the status `receiving` or `received`. All other statuses are
    /// receipts.
    private static func isReceipt(_ form: FormFields) -> Bool {
        guard let word = form["MessageStatus"] else { return false }
        return word != "received" && word != "receiving"
    }

    private func receipt(_ id: MessageID) -> DomainEvent {
        let word = form["MessageStatus"]
        guard let status = Twilio.status(word) else { return unknown(word ?? "?") }
        var update = StatusUpdate(messageID: id, status: status)
        update.reference = form[Twilio.keptReference]
        update.recipient = party(form["To"])
        if status == .failed {
            update.failure = ProviderFailure(
                code: form["ErrorCode"],
                title: form["ChannelStatusMessage"] ?? form["ErrorMessage"]
            )
        }
        return event(.status(update), key: dedupeKey("s", id.value, word))
    }

    private func inbound(_ id: MessageID) -> InboundMessage {
        var sender = party(form["From"])
        sender.add(.waID, form["WaId"])
        sender.add(.bsuid, form["ExternalUserId"].map { String(TwilioAddress.bare($0)) })
        sender.profileName = form["ProfileName"]
        var message = InboundMessage(id: id, chat: .direct, sender: sender, content: content)
        if let target = form["OriginalRepliedMessageSid"] {
            message.replyTo = ReplyContext(
                messageID: MessageID(target),
                author: form["OriginalRepliedMessageSender"].map {
                    String(TwilioAddress.bare($0))
                }
            )
        }
        return message
    }

    /// Reads `whatsapp:+22890123456`, or a user id after the same prefix.
    private func party(_ address: String?) -> Party {
        var party = Party()
        guard let address else { return party }
        let bare = String(TwilioAddress.bare(address))
        if bare.hasPrefix("+") { party.add(number: bare) } else { party.add(.bsuid, bare) }
        return party
    }

    private func event(_ kind: DomainEvent.Kind, key: String) -> DomainEvent {
        DomainEvent(dedupeKey: key, channel: channel, occurredAt: nil, kind: kind)
    }

    private func unknown(_ place: String) -> DomainEvent {
        let content = JSON.string(String(decoding: form.bytes, as: UTF8.self))
        return event(
            .unknown(UnknownEvent(place: "form: \(place)")),
            key: DomainEvent.contentKey("u", of: content)
        )
    }
}

// MARK: - Content

extension TwilioDelivery {
    private var content: MessageContent {
        let body = form["Body"]
        if let choice { return choice }
        if let response = form["FlowData"] ?? form["InteractiveData"] {
            return .form(name: nil, responseJSON: response)
        }
        if let count = form["NumMedia"].flatMap({ Int($0) }), count > 0 { return media(body) }
        if let location { return location }
        if let body { return .text(body) }
        return .unsupported(type: form["MessageType"] ?? "empty", ProviderFailure())
    }

    /// The chosen button or menu row. Twilio repeats its title in `Body`.
    private var choice: MessageContent? {
        if form["ListId"] != nil || form["ListTitle"] != nil {
            let choice = Choice(
                source: .list,
                payload: form["ListId"],
                title: form["ListTitle"] ?? form["Body"],
                detail: form["ListDescription"]
            )
            return .choice(choice)
        }
        guard form["ButtonPayload"] != nil || form["ButtonText"] != nil else { return nil }
        let source: Choice.Source = form["MessageType"] == "button" ? .templateButton : .button
        return .choice(
            Choice(
                source: source,
                payload: form["ButtonPayload"],
                title: form["ButtonText"] ?? form["Body"]
            )
        )
    }

    private func media(_ caption: String?) -> MessageContent {
        let mimeType = form["MediaContentType0"]
        var media = Media(Media.Kind(mimeType: mimeType))
        media.url = form["MediaUrl0"]
        media.mimeType = mimeType
        media.caption = caption
        return .media(media)
    }

    private var location: MessageContent? {
        guard let latitude = form["Latitude"].flatMap({ Double($0) }),
            let longitude = form["Longitude"].flatMap({ Double($0) })
        else { return nil }
        return .location(
            Location(
                latitude: latitude,
                longitude: longitude,
                name: form["Label"],
                address: form["Address"]
            )
        )
    }
}

/// Twilio's form for a sender or recipient: `whatsapp:+22890123456`.
enum TwilioAddress {
    private static let scheme = "whatsapp:"

    static func bare(_ address: String) -> Substring {
        address.hasPrefix(scheme) ? address.dropFirst(scheme.count) : address[...]
    }

    static func of(_ number: String) -> String { scheme + number }
}
