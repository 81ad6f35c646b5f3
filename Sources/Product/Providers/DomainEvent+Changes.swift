package import FunctionContract

/// New content for a message that was already seen.
package struct MessageEdit: Equatable, Sendable {
    package var target: MessageID
    package var content: MessageContent
    package var sender: Party
    package var isOwn: Bool
}

/// A message that its sender took back. What it said is only in what we kept.
package struct MessageRevocation: Equatable, Sendable {
    package var target: MessageID
    package var sender: Party
    package var isOwn: Bool
}

/// News about a message template.
package struct TemplateUpdate: Equatable, Sendable {
    /// What changed about it.
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

/// News about the account or the number behind a channel.
package struct AccountUpdate: Equatable, Sendable {
    /// The provider's name for the kind of news.
    package var topic: String
    /// What happened: DISABLED_UPDATE, FLAGGED, TIER_2K, …
    package var event: String?
    package var detail: String?
    /// How grave an alert is, in the provider's word.
    package var severity: String?
    /// The messaging limit in force afterwards, when the news is about it.
    package var limit: String?
    package var restrictions: [AccountRestriction] = []
}

/// Something that an account may not do for a while.
package struct AccountRestriction: Equatable, Sendable {
    /// The provider's word for it: RESTRICTED_BIZ_INITIATED_MESSAGING, …
    package var type: String
    package var until: Timestamp?
}

/// A gateway's connection to WhatsApp.
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
    /// The provider's own word.
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

/// Someone whose number or user id is another one now.
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

    /// The same in every event about this call.
    package var id: String
    package var phase: Phase
    package var contact: Party
    package var chat: Chat
    /// We called the contact.
    package var isOwn: Bool
}

/// An event that nobody understood.
package struct UnknownEvent: Equatable, Sendable {
    /// Where it stood and what it called itself.
    package var place: String
}
