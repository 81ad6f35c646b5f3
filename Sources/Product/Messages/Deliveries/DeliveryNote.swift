internal import Database
package import FunctionContract
package import Providers

/// What a provider says about one of our messages.
package struct DeliveryNote: Sendable, Equatable {
    /// The provider's names for the message.
    package var providerIDs: [String]
    package var reference: AttemptReference?
    package var status: MessageStatus
    package var at: Timestamp
    /// Every name that the provider gives the person: what joins a phone and a user id before the
    /// person writes. Empty when a receipt names nobody.
    package var recipient = Party()
    package var reason: Reason?
    /// A copy of what was sent from the number, by whomever. Of a message that we do not know it
    /// says nothing: somebody wrote it on the phone.
    package var isEcho: Bool
    package var consequence = Consequence.none
    /// What a failure asks for that need not be the end of its message.
    package var remedy: SendOutcome?

    package init(
        providerIDs: [String],
        reference: AttemptReference? = nil,
        status: MessageStatus,
        at: Timestamp,
        reason: Reason? = nil,
        isEcho: Bool = false
    ) {
        self.providerIDs = providerIDs
        self.reference = reference
        self.status = status
        self.at = at
        self.reason = reason
        self.isEcho = isEcho
    }

    /// A status as a provider tells it, heard of `now`.
    package init(_ update: StatusUpdate, from provider: Provider, now: Timestamp) {
        self.init(
            providerIDs: update.messageID.all,
            reference: AttemptReference(update.reference),
            status: MessageStatus(update.status),
            at: Timestamp(told: update.at, heardAt: now)
        )
        recipient = update.recipient
        guard update.status == .failed, let failure = update.failure else { return }
        explain(failure, provider)
    }

    private mutating func explain(_ failure: ProviderFailure, _ provider: Provider) {
        let outcome = provider.outcome(of: failure)
        reason = outcome.explanation.map { Reason($0) }
        switch outcome {
        case .giveUp(_, let consequence): self.consequence = consequence
        case .retry, .pauseChannel, .pauseTemplate: remedy = outcome
        case .accepted, .useTemplate, .unknown: break
        }
    }
}

extension DeliveryNote {
    /// A failure that was kept until its message was known by name; nil when its provider is not
    /// one of ours any more.
    init?(orphan row: Row) throws(DatabaseError) {
        guard let provider = Provider(rawValue: try row.get("provider")) else { return nil }
        let stored = Reason(stored: try row.get("reason"))
        self.init(
            providerIDs: [try row.get("provider_id")],
            status: .failed,
            at: try row.get("occurred_at"),
            reason: stored
        )
        if let stored {
            explain(ProviderFailure(code: stored.code, title: stored.detail), provider)
        }
    }
}
