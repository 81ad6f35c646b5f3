import FunctionContract

/// A message as it came: from a contact, or our own when it is an echo.
package struct InboundMessage: Equatable, Sendable {
    package var id: MessageID
    package var chat: Chat
    /// Who wrote it. For an echo this is us.
    package var sender: Party
    /// Who it was written to, when that is said: the contact, for an echo.
    package var recipient = Party()
    package var content: MessageContent
    package var replyTo: ReplyContext?

    /// What a reader would see as its words: text, caption or the title of a choice.
    package var text: String? { content.text }
}

/// The message that a message answers.
package struct ReplyContext: Equatable, Sendable {
    package var messageID: MessageID?
    package var author: String?
}

/// What a message holds.
package enum MessageContent: Equatable, Sendable {
    case text(String)
    case media(Media)
    case choice(Choice)
    case form(name: String?, responseJSON: String)
    case location(Location)
    case contacts([SharedContact])
    case order(Order)
    /// The options that were chosen.
    case poll([String])
    /// Something that cannot be shown; the failure says what is known about it.
    case unsupported(type: String, ProviderFailure)

    package var text: String? {
        switch self {
        case .text(let text): text
        case .media(let media): media.caption
        case .choice(let choice): choice.title
        case .poll(let options): options.joined(separator: ", ")
        case .order(let order): order.text
        case .location(let location): location.name ?? location.address
        case .form, .contacts, .unsupported: nil
        }
    }
}

/// A file that came with a message. It is fetched with `ProviderOperation.downloadMedia`.
package struct Media: Equatable, Sendable {
    /// What kind of file it is; the raw values are those of WhatsApp.
    package enum Kind: String, CaseIterable, Sendable {
        case image
        case video
        case audio
        case document
        case sticker
    }

    package var kind: Kind
    /// The provider's id for the file.
    package var id: String?
    /// Where the provider says the file is. Written by others: never fetched without a check.
    package var url: String?
    package var mimeType: String?
    /// As the provider wrote it: base64 or hexadecimal.
    package var sha256: String?
    package var fileName: String?
    package var caption: String?
    package var byteCount: Int?
    package var isVoice = false
    package var isAnimated = false
    package var isViewOnce = false
    /// Why the provider could not fetch the file, when it says so.
    package var failure: ProviderFailure?

    init(_ kind: Kind) {
        self.kind = kind
    }
}

/// A button that was pressed or a row that was chosen.
package struct Choice: Equatable, Sendable {
    /// Where it was offered.
    package enum Source: String, Sendable {
        case templateButton = "template_button"
        case button
        case list
    }

    package var source: Source
    /// The id or payload we gave it, when it comes back.
    package var payload: String?
    package var title: String?
    package var detail: String?
}

/// A place on earth.
package struct Location: Equatable, Sendable {
    package var latitude: Double
    package var longitude: Double
    package var name: String?
    package var address: String?

    package init(
        latitude: Double,
        longitude: Double,
        name: String? = nil,
        address: String? = nil
    ) {
        self.latitude = latitude
        self.longitude = longitude
        self.name = name
        self.address = address
    }
}

/// A contact card.
package struct SharedContact: Equatable, Sendable {
    package var name: String?
    package var phones: [String]
}

/// A basket from a catalogue.
package struct Order: Equatable, Sendable {
    /// One line of it.
    package struct Item: Equatable, Sendable {
        package var productID: String
        package var quantity: Int
        package var unitPrice: Double?
        package var currency: String?
    }

    package var catalogID: String?
    package var text: String?
    package var items: [Item]
}
