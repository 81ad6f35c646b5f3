/// A request that a provider can perform.
package enum ProviderOperation: Equatable, Sendable {
    case send(OutboundMessage)
    /// Marks all messages up to this one as read. On Meta it can also show "typing…".
    case markRead(messageID: String, from: Recipient, showsTyping: Bool)
    case typing(to: Recipient, isOn: Bool)
    /// Asks whether a number in E.164 is on WhatsApp.
    case checkNumber(String)
    /// `contact` is the recipient, for providers that store messages under contacts.
    case lookUpMessage(id: String, contact: Recipient?)
    /// Asks for a message whose id we never learned.
    case searchMessage(MessageSearch)
    /// Asks for the address of a file. The address is valid for minutes.
    case mediaAddress(id: String)
    case downloadMedia(MediaSource)
    case createTemplate(TemplateDefinition)
    case listTemplates(after: String?)
    case deleteTemplate(name: String)

    /// The capability that the operation requires.
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

/// The file to fetch.
package enum MediaSource: Equatable, Sendable {
    /// An address that the provider gave for a file.
    case url(String)
    /// A file that the provider knows by its id.
    case id(String)
    /// The file of a message, for gateways that decrypt it on demand.
    case message(id: String, chat: String)
}

/// A feature that a provider may lack.
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
    /// Delivered and read receipts arrive as webhooks; without this, we must look them up.
    case receipts
    /// Receipts carry our reference. A receipt therefore settles a send whose reply was lost.
    case referenceEcho = "references in receipts"
}
