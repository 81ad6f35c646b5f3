internal import Database
package import FunctionContract
package import Providers

/// A provider's report about one of our messages.
package struct DeliveryNote: Sendable, Equatable {
    /// The provider's ids of the message.
    package var providerIDs: [String]
    package var reference: AttemptReference?
    package var status: MessageStatus
    package var at: Timestamp
    /// Every identity that the provider reports for the recipient. It can join a phone number and a
    /// user id before the person writes. Empty when the receipt has none.
    package var recipient = Party()
    package var reason: Reason?
    /// A copy of a message that was sent from the number, by us or by somebody else. An echo of an
    /// unknown message is ignored: somebody wrote it on the phone.
    package var isEcho: Bool
    package var consequence = Consequence.none
    /// The outcome of a failure that may not be final for the message.
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

    /// A provider's status, received at `now`.
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
        reason = outcome.reason
        switch outcome {
        case .giveUp(_, let consequence): self.consequence = consequence
        case .retry, .pauseChannel, .pauseTemplate: remedy = outcome
        case .accepted, .useTemplate, .unknown: break
        }
    }
}

extension DeliveryNote {
    /// An orphaned failure; nil if we no longer support its provider.
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
