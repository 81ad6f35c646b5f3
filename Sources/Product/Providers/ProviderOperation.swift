/// Something that a provider can be asked to do.
package enum ProviderOperation: Equatable, Sendable {
    case send(OutboundMessage)
    /// Marks what was received up to this message as read; on Meta it can show "typing…" too.
    case markRead(messageID: String, from: Recipient, showsTyping: Bool)
    case typing(to: Recipient, isOn: Bool)
    /// Whether a number in E.164 is on WhatsApp.
    case checkNumber(String)
    /// `contact` is who it was sent to, for providers that keep messages under contacts.
    case lookUpMessage(id: String, contact: Recipient?)
    /// Asks for a message whose id we never learned.
    case searchMessage(MessageSearch)
    /// Asks where a file is. The answer is good for minutes.
    case mediaAddress(id: String)
    case downloadMedia(MediaSource)
    case createTemplate(TemplateDefinition)
    case listTemplates(after: String?)
    case deleteTemplate(name: String)

    /// What a provider must be capable of to do it.
    package var capability: Capability {
        switch self {
        case .send(let message): message.content.capability
        case .markRead: .markRead
        case .typing: .typing
        case .checkNumber: .numberCheck
        case .lookUpMessage: .messageLookup
        case .searchMessage: .messageSearch
        case .mediaAddress: .mediaAddress
        case .downloadMedia: .mediaDownload
        case .createTemplate, .listTemplates, .deleteTemplate: .templateManagement
        }
    }
}

/// Which file to fetch.
package enum MediaSource: Equatable, Sendable {
    /// An address that the provider gave for a file.
    case url(String)
    /// A file that the provider knows by its id.
    case id(String)
    /// The file of a message, for gateways that decrypt it on demand.
    case message(id: String, chat: String)
}

/// What a provider may or may not be able to do.
package enum Capability: String, CaseIterable, Sendable {
    case text
    case template
    case buttons
    case list
    case mediaByLink = "media by link"
    case mediaByID = "media by id"
    case reaction
    case markRead = "read receipts"
    case typing = "typing indicators"
    case numberCheck = "number checks"
    case messageLookup = "message lookup"
    case messageSearch = "message search"
    case mediaAddress = "media addresses"
    case mediaDownload = "media download"
    case templateManagement = "template management"
    /// Delivered and read receipts arrive as webhooks; otherwise they must be looked up.
    case receipts
    /// Our reference comes back in receipts, so a send whose answer was lost can be settled.
    case referenceEcho = "references in receipts"
}
