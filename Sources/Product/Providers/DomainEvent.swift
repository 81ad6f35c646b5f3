package import FunctionContract
private import Security

/// One event in a form common to all providers. The inbox stores the webhook itself, so an event
/// carries no copy of it.
package struct DomainEvent: Equatable, Sendable {
    /// Equal when the provider reports the same event again, and unique within a channel. It also
    /// identifies events without an id of their own: a reaction, a preference, a call.
    package var dedupeKey: String
    package var channel: ChannelReference
    package var occurredAt: Timestamp?
    package var kind: Kind

    package enum Kind: Equatable, Sendable {
        case message(InboundMessage)
        case reaction(Reaction)
        case status(StatusUpdate)
        /// A message of our own, sent through the API or from the phone. If we know its id, the
        /// echo proves that the message was sent.
        case echo(InboundMessage)
        case edited(MessageEdit)
        case revoked(MessageRevocation)
        case call(CallUpdate)
        case template(TemplateUpdate)
        case account(AccountUpdate)
        case session(SessionUpdate)
        case preference(MarketingPreference)
        case identityChanged(IdentityChange)
        /// A technical event without content for a reader: keys, settings, the history of a phone.
        case technical
        /// An event that we do not understand. We count it and keep its webhook.
        case unknown(UnknownEvent)
    }

    /// A key for an event without an id: the same content gives the same key.
    static func contentKey(_ parts: String?..., of raw: JSON) -> String {
        let prefix = parts.compactMap { $0 }.joined(separator: ":")
        let digest = Base16.encode(SHA256.digest(raw.bytes).prefix(16))
        return (prefix.isEmpty ? "" : prefix + ":") + digest
    }
}

/// The channel of an event, in the provider's ids.
package struct ChannelReference: Equatable, Sendable {
    /// Meta's phone number id, Wassenger's device, respond.io's channel, WAHA's session or
    /// Evolution's instance.
    package var id: String?
    /// Meta's WhatsApp Business Account.
    package var accountID: String?
    package var phone: String?

    init(id: String? = nil, accountID: String? = nil, phone: String? = nil) {
        self.id = id
        self.accountID = accountID
        self.phone = phone
    }
}

/// The id of a message. Some providers use several ids for one message.
package struct MessageID: Hashable, Sendable {
    package let value: String
    package let alternates: [String]

    package init(_ value: String, alternates: [String?] = []) {
        self.value = value
        self.alternates = alternates.compactMap { $0 }.filter { $0.isProviderName && $0 != value }
    }

    package var all: [String] { [value] + alternates }
}

/// An emoji on a message; nil when the sender removed it.
package struct Reaction: Equatable, Sendable {
    package var id: MessageID?
    package var target: MessageID
    package var emoji: String?
    package var sender: Party
    package var chat: Chat
    package var isOwn: Bool
}

/// How far one of our messages has come.
package struct StatusUpdate: Equatable, Sendable {
    package var messageID: MessageID
    /// The reference that we sent with the message, if the provider returns it.
    package var reference: String?
    package var status: DeliveryStatus
    package var at: Timestamp?
    /// All names of the person in the receipt: phone, user id, parent user id. For a message to a
    /// group, this is the member whose phone reported, never the group.
    package var recipient = Party()
    package var failure: ProviderFailure?
    package var pricing: Pricing?
}

/// Why a provider could not do a task, in the provider's own words.
package struct ProviderFailure: Equatable, Sendable {
    package var code: String?
    package var title: String?
    package var detail: String?

    package init(code: String? = nil, title: String? = nil, detail: String? = nil) {
        self.code = code
        self.title = title
        self.detail = detail
    }

    /// The title and the detail, without repetition.
    var words: String? {
        var words: [String] = []
        for text in [title, detail] {
            if let text, !text.isEmpty, !words.contains(text) { words.append(text) }
        }
        return words.isEmpty ? nil : words.joined(separator: ": ")
    }
}

/// The price of a message, as a receipt reports it.
package struct Pricing: Equatable, Sendable {
    package var isBillable: Bool?
    package var model: String?
    package var type: String?
    package var category: String?
}
