package import FunctionContract

/// New content for a message that was already received.
package struct MessageEdit: Equatable, Sendable {
    package var target: MessageID
    package var content: MessageContent
    package var sender: Party
    package var isOwn: Bool
}

/// A message that its sender revoked. Only our stored copy still holds its content.
package struct MessageRevocation: Equatable, Sendable {
    package var target: MessageID
    package var sender: Party
    package var isOwn: Bool
}

/// A change of a message template.
package struct TemplateUpdate: Equatable, Sendable {
    package enum Change: Equatable, Sendable {
        /// APPROVED, REJECTED, PENDING, PAUSED, DISABLED, FLAGGED, …
        case status(String, reason: String?)
        /// GREEN, YELLOW, RED or UNKNOWN.
        case quality(from: String?, to: String)
        case category(from: String?, to: String)
        case components
    }

    package var id: String?
    package var name: String?
    package var language: String?
    package var change: Change
}

/// News about the account or the number of a channel.
package struct AccountUpdate: Equatable, Sendable {
    /// The provider's name for the kind of news.
    package var topic: String
    /// What happened: DISABLED_UPDATE, FLAGGED, TIER_2K, …
    package var event: String?
    package var detail: String?
    /// The severity of an alert, in the provider's word.
    package var severity: String?
    /// The new messaging limit, when the news is about the limit.
    package var limit: String?
    package var restrictions: [AccountRestriction] = []
}

/// An action that is temporarily forbidden to an account.
package struct AccountRestriction: Equatable, Sendable {
    /// The provider's word for the restriction: RESTRICTED_BIZ_INITIATED_MESSAGING, …
    package var type: String
    package var until: Timestamp?
}

/// The state of a gateway's connection to WhatsApp.
package struct SessionUpdate: Equatable, Sendable {
    /// Whether messages can be sent.
    package enum State: String, Sendable {
        case starting
        /// A person must scan a code, enter one or confirm.
        case needsPairing = "needs_pairing"
        case working
        case stopped
        case failed
    }

    package var state: State
    /// The provider's own word for the state.
    package var word: String
    /// Our own number or id, when the session is connected.
    package var account: Party
    package var detail: String?
}

/// Whether someone wants marketing messages.
package struct MarketingPreference: Equatable, Sendable {
    package var party: Party
    package var allowsMarketing: Bool
    package var detail: String?
}

/// A person whose number or user id has changed.
package struct IdentityChange: Equatable, Sendable {
    package var old: Party
    package var new: Party
}

/// A call between a contact and our number.
package struct CallUpdate: Equatable, Sendable {
    package enum Phase: String, Sendable {
        case ringing
        case accepted
        case rejected
        case ended
    }

    /// The id of the call, equal in all its events.
    package var id: String
    package var phase: Phase
    package var contact: Party
    package var chat: Chat
    /// Whether we called the contact.
    package var isOwn: Bool
}

/// An event that we do not understand.
package struct UnknownEvent: Equatable, Sendable {
    /// The event's place in the webhook and its type.
    package var place: String
}
