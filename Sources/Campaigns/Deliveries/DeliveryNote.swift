package import Database
package import Providers

/// What a provider says about one of our messages.
package struct DeliveryNote: Sendable, Equatable {
    /// What a failure says about more than its message: a ban, or a template that was stopped.
    package enum Alarm: Sendable {
        case none
        case channel
        case template
    }

    /// The provider's names for the message.
    package var providerIDs: [String]
    package var reference: AttemptReference?
    package var status: MessageStatus
    package var at: Timestamp
    package var reason: Reason?
    package var consequence = Consequence.none
    package var alarm = Alarm.none

    package init(
        providerIDs: [String],
        reference: AttemptReference? = nil,
        status: MessageStatus,
        at: Timestamp,
        reason: Reason? = nil
    ) {
        self.providerIDs = providerIDs
        self.reference = reference
        self.status = status
        self.at = at
        self.reason = reason
    }

    /// A status as a webhook brings it; `now` stands for a time that it does not tell.
    package init(_ update: StatusUpdate, from provider: Provider, now: Timestamp) {
        self.init(
            providerIDs: update.messageID.all,
            reference: AttemptReference(update.reference),
            status: MessageStatus(update.status),
            at: update.at.map { Timestamp($0) } ?? now
        )
        guard update.status == .failed, let failure = update.failure else { return }
        let outcome = provider.outcome(of: failure)
        reason = outcome.explanation.map { Reason($0) }
        switch outcome {
        case .giveUp(_, let consequence): self.consequence = consequence
        case .pauseChannel: alarm = .channel
        case .pauseTemplate: alarm = .template
        case .accepted, .retry, .useTemplate, .unknown: break
        }
    }
}
