/// A message to send.
package struct OutboundMessage: Equatable, Sendable {
    package var recipient: Recipient
    package var content: OutboundContent
    /// Our id for this attempt; providers with `Capability.referenceEcho` return it.
    package var reference: String?
    /// The provider's id of the message to which this one replies.
    package var replyTo: String?

    package init(
        to recipient: Recipient,
        _ content: OutboundContent,
        reference: String? = nil,
        replyTo: String? = nil
    ) {
        self.recipient = recipient
        self.content = content
        self.reference = reference
        self.replyTo = replyTo
    }
}

/// The recipient of a message.
package enum Recipient: Equatable, Sendable {
    /// E.164 with `+`.
    case phone(String)
    /// A name that a provider gave us.
    case identity(ContactIdentity)
    /// A chat of a web gateway, as a webhook named it: `…@c.us`, `…@lid`, `…@g.us`.
    case chat(String)
}

/// The content of a message to send.
package enum OutboundContent: Equatable, Sendable {
    case text(String, previewsLinks: Bool = false)
    case template(TemplateMessage)
    case buttons(ButtonMessage)
    case list(ListMessage)
    case media(OutboundMedia)
    /// A nil emoji removes the reaction.
    case reaction(to: String, emoji: String?)

    var capability: Capability {
        switch self {
        case .text: .text
        case .template: .template
        case .buttons: .buttons
        case .list: .list
        case .media(let media):
            switch media.source {
            case .link: .mediaByLink
            case .id: .mediaByID
            }
        case .reaction: .reaction
        }
    }
}

/// A file to send.
package struct OutboundMedia: Equatable, Sendable {
    /// The place from which the provider fetches the file.
    package enum Source: Equatable, Sendable {
        case link(String)
        case id(String)
    }

    package var kind: Media.Kind
    package var source: Source
    package var caption: String?
    package var fileName: String?
    package var mimeType: String?

    package init(
        _ kind: Media.Kind,
        _ source: Source,
        caption: String? = nil,
        fileName: String? = nil,
        mimeType: String? = nil
    ) {
        self.kind = kind
        self.source = source
        self.caption = caption
        self.fileName = fileName
        self.mimeType = mimeType
    }
}

/// A text with up to three buttons.
package struct ButtonMessage: Equatable, Sendable {
    /// One button; the provider returns its id when it is pressed.
    package struct Button: Equatable, Sendable {
        package var id: String
        package var title: String

        package init(id: String, title: String) {
            self.id = id
            self.title = title
        }
    }

    package var header: String?
    package var body: String
    package var footer: String?
    package var buttons: [Button]

    package init(
        header: String? = nil,
        body: String,
        footer: String? = nil,
        buttons: [Button]
    ) {
        self.header = header
        self.body = body
        self.footer = footer
        self.buttons = buttons
    }
}

/// A text with a menu.
package struct ListMessage: Equatable, Sendable {
    /// One choice of the menu.
    package struct Row: Equatable, Sendable {
        package var id: String
        package var title: String
        package var detail: String?

        package init(id: String, title: String, detail: String? = nil) {
            self.id = id
            self.title = title
            self.detail = detail
        }
    }

    /// Rows under a heading.
    package struct Section: Equatable, Sendable {
        package var title: String?
        package var rows: [Row]

        package init(title: String? = nil, rows: [Row]) {
            self.title = title
            self.rows = rows
        }
    }

    package var header: String?
    package var body: String
    package var footer: String?
    /// The title of the button that opens the menu.
    package var button: String
    package var sections: [Section]

    package init(
        header: String? = nil,
        body: String,
        footer: String? = nil,
        button: String,
        sections: [Section]
    ) {
        self.header = header
        self.body = body
        self.footer = footer
        self.button = button
        self.sections = sections
    }
}
