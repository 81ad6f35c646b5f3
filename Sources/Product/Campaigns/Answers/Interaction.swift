internal import Database
package import FunctionContract

/// One action of a contact.
package struct Interaction: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
        case reply
        /// A button or a row of a list.
        case choice
        case reaction
        case click
        /// A call from the contact, taken or missed.
        case call
        case optOut = "opt_out"
        case optIn = "opt_in"

        /// Whether it counts as an answer, which queues Message 2.
        package var isAnswer: Bool {
            switch self {
            case .reply, .choice, .reaction: true
            case .click, .call, .optOut, .optIn: false
            }
        }

        /// Whether more than templates may be sent after it. A message or a call opens the window.
        var opensWindow: Bool {
            switch self {
            case .reply, .choice, .call, .optOut, .optIn: true
            case .reaction, .click: false
            }
        }
    }

    package var contact: UUID
    package var channel: UUID
    package var kind: Kind
    package var content: String?
    /// The provider's id of the incoming event. The same id is recorded once.
    package var providerID: String?
    /// The provider's id of the message that it answers, if the provider reports it.
    package var context: String?
    package var at: Timestamp

    package init(
        _ kind: Kind,
        from contact: UUID,
        on channel: UUID,
        at: Timestamp,
        content: String? = nil,
        providerID: String? = nil,
        context: String? = nil
    ) {
        self.kind = kind
        self.contact = contact
        self.channel = channel
        self.at = at
        self.content = content
        self.providerID = providerID
        self.context = context
    }
}
