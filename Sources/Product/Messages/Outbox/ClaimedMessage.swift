internal import Database
package import FunctionContract
package import Providers

/// A message that a sender has claimed.
package struct ClaimedMessage: Sendable, Equatable {
    package let reference: AttemptReference
    package let campaign: UUID?
    package let contact: UUID
    package let recipient: Recipient
    package let body: String
    /// Set for a template message; `parameters` are then in the order of the template's variables.
    package let template: UUID?
    package let parameters: [String]
    /// Attempts before this one that failed because of the message itself.
    package let failures: Int
    /// The message must not be sent any more. Its contact unsubscribed or was blocked after the
    /// audience was frozen, or already received it.
    package internal(set) var hasLeft = false
    /// The end of the lease, as the claim stored it.
    package internal(set) var leaseUntil: Timestamp?
    /// It is unknown whether the claim was committed: another sender may have the message.
    package var isDoubtful = false

    package init(
        _ reference: AttemptReference,
        campaign: UUID? = nil,
        contact: UUID,
        to recipient: Recipient,
        body: String,
        template: UUID? = nil,
        parameters: [String] = [],
        failures: Int = 0
    ) {
        self.reference = reference
        self.campaign = campaign
        self.contact = contact
        self.recipient = recipient
        self.body = body
        self.template = template
        self.parameters = parameters
        self.failures = failures
    }

    /// The message for the provider; nil if `form` is not its template.
    package func outbound(_ form: TemplateForm?) -> OutboundMessage? {
        let content: OutboundContent
        if let template {
            guard let form, form.id == template else { return nil }
            content = .template(form.message(parameters))
        } else {
            content = .text(body, previewsLinks: true)
        }
        return OutboundMessage(to: recipient, content, reference: reference.text)
    }
}

extension ClaimedMessage {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            AttemptReference(message: try row.get("id"), attempt: try row.get("attempt")),
            campaign: try row.get("campaign"),
            contact: try row.get("contact"),
            to: Recipient(kind: try row.get("recipient_kind"), try row.get("recipient")),
            body: try row.get("body"),
            template: try row.get("template"),
            parameters: Self.texts(in: try row.get("parameters")),
            failures: try row.get("failures")
        )
        hasLeft = try row.get("has_left")
    }

    private static func texts(in array: String?) -> [String] {
        guard let array else { return [] }
        return (try? JSONParser.parse(Array(array.utf8)))?.array?.compactMap(\.string) ?? []
    }
}

extension Recipient {
    /// Reads the stored form of a recipient.
    fileprivate init(kind: String, _ value: String) {
        switch ContactIdentity.Kind(rawValue: kind) {
        case .phone: self = .phone(value)
        case let kind?: self = .identity(ContactIdentity(kind, value))
        case nil: self = .chat(value)
        }
    }
}
