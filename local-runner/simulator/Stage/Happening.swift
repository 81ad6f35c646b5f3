import FunctionContract
import Providers

/// Something that a provider tells the platform by webhook.
struct Happening {
    enum News {
        case receipt(SentMessage, DeliveryStatus, ProviderFailure?)
        case message(Inbound)
        case template(TemplateRecord, event: String, reason: String?)
        /// News about the account: Meta's field and what stands in it.
        case account(field: String, value: JSON)
        /// The state of a gateway's connection, in its own word.
        case session(String)
    }

    let account: Account
    /// Unique in this run.
    let id: UInt64
    let at: Timestamp
    let news: News
}

/// What a person wrote.
struct Inbound {
    enum Content {
        case text(String)
        case button(Send.Button)
        case reaction(String)

        var words: String {
            switch self {
            case .text(let text): text
            case .button(let button): button.title
            case .reaction(let emoji): emoji
            }
        }
    }

    let id: String
    /// `+` and digits.
    let from: String
    let name: String
    let content: Content
    /// The message that it answers.
    let context: SentMessage?
}

/// A message that a provider has taken.
struct SentMessage: Equatable {
    struct Receipt: Equatable {
        let status: DeliveryStatus
        let at: Timestamp
        var failure: ProviderFailure?
    }

    /// What its recipient said to it.
    struct Answer: Equatable {
        /// The provider's id of what was said.
        let id: String
        let words: String
    }

    /// The provider's id.
    let id: String
    /// WhatsApp's id, where the provider has one of its own.
    let waID: String
    let account: Account
    let recipient: String
    let reference: String?
    let kind: String
    /// As JSON; the tree would take ten times the room.
    let content: [UInt8]
    let buttons: [Send.Button]
    let at: Timestamp
    /// What has become of it so far, oldest first.
    var receipts: [Receipt] = []
    var answers: [Answer] = []

    init(_ send: Send, id: String, waID: String? = nil, at: Timestamp) {
        self.id = id
        self.waID = waID ?? id
        account = send.account
        recipient = send.recipient
        reference = send.reference
        kind = send.kind
        content = send.content
        buttons = send.buttons
        self.at = at
    }

    /// What it says.
    var contentJSON: JSON { (try? JSONParser.parse(content)) ?? .null }

    /// How far it has come.
    var status: DeliveryStatus { receipts.map(\.status).max() ?? .accepted }

    /// For `GET /_simulator/messages`.
    var json: JSON {
        [
            "id": .string(id), "account": .string(account.id), "recipient": .string(recipient),
            "reference": reference.map { .string($0) } ?? .null,
            "receipts": .array(receipts.map { .string("\($0.status)") }),
            "answers": .array(answers.map { ["id": .string($0.id), "words": .string($0.words)] }),
        ]
    }
}
