import FunctionContract

/// A received message: from a contact, or our own if it is an echo.
package struct InboundMessage: Equatable, Sendable {
    package var id: MessageID
    package var chat: Chat
    /// The author; for an echo this is us.
    package var sender: Party
    /// The recipient, if the provider names it: the contact, for an echo.
    package var recipient = Party()
    package var content: MessageContent
    package var replyTo: ReplyContext?

    /// The words for a reader: text, caption or the title of a choice.
    package var text: String? { content.text }
}

/// The message to which a message replies.
package struct ReplyContext: Equatable, Sendable {
    package var messageID: MessageID?
    package var author: String?
}

package enum MessageContent: Equatable, Sendable {
    case text(String)
    case media(Media)
    case choice(Choice)
    case form(name: String?, responseJSON: String)
    case location(Location)
    case contacts([SharedContact])
    case order(Order)
    /// The chosen options.
    case poll([String])
    /// Content that cannot be shown; the failure holds the provider's explanation.
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

/// A file in a message. `ProviderOperation.downloadMedia` fetches it.
package struct Media: Equatable, Sendable {
    /// The kind of the file, with WhatsApp's own words as raw values.
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
    /// The file's address according to the webhook. It is untrusted: check it before each fetch.
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
    /// Why the provider could not fetch the file, if it says so.
    package var failure: ProviderFailure?

    init(_ kind: Kind) {
        self.kind = kind
    }
}

/// A pressed button or a chosen row.
package struct Choice: Equatable, Sendable {
    /// The kind of message that offered the choice.
    package enum Source: String, Sendable {
        case templateButton = "template_button"
        case button
        case list
    }

    package var source: Source
    /// The id or payload that we gave to the choice, if the provider returns it.
    package var payload: String?
    package var title: String?
    package var detail: String?
}

/// A geographic location.
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
    /// One line of the order.
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
