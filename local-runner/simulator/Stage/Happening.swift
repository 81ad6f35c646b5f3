import FunctionContract
import Providers

/// An event that a provider reports by webhook.
struct Happening {
    enum News {
        case receipt(SentMessage, DeliveryStatus, ProviderFailure?)
        case message(Inbound)
        case template(TemplateRecord, event: String, reason: String?)
        /// An event about the account: Meta's field and its value.
        case account(field: String, value: JSON)
        /// The state of a gateway's connection, in the gateway's own word.
        case session(String)
    }

    let account: Account
    /// Unique in this run.
    let id: UInt64
    let at: Timestamp
    let news: News
}

/// A message from a person.
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
    /// The sender's number: `+` and digits.
    let from: String
    let name: String
    let content: Content
    /// The message that this one answers.
    let context: SentMessage?
}

/// A message that a provider has accepted.
struct SentMessage: Equatable {
    struct Receipt: Equatable {
        let status: DeliveryStatus
        let at: Timestamp
        var failure: ProviderFailure?
    }

    /// The recipient's answer.
    struct Answer: Equatable {
        /// The provider's id of the answer.
        let id: String
        let words: String
    }

    /// The provider's id.
    let id: String
    /// WhatsApp's id, for a provider that also has its own; otherwise equal to `id`.
    let waID: String
    let account: Account
    let recipient: String
    let reference: String?
    let kind: String
    /// JSON text. A parsed tree would need ten times the memory.
    let content: [UInt8]
    let buttons: [Send.Button]
    let at: Timestamp
    /// The receipts so far, oldest first.
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

    /// The content as parsed JSON.
    var contentJSON: JSON { (try? JSONParser.parse(content)) ?? .null }

    /// The furthest status so far.
    var status: DeliveryStatus { receipts.map(\.status).max() ?? .accepted }

    /// The entry in `GET /_simulator/messages`.
    var json: JSON {
        [
            "id": .string(id), "account": .string(account.id), "recipient": .string(recipient),
            "reference": reference.map { .string($0) } ?? .null,
            "receipts": .array(receipts.map { .string("\($0.status)") }),
            "answers": .array(answers.map { ["id": .string($0.id), "words": .string($0.words)] }),
        ]
    }
}
