package import Providers

/// What the result of an attempt means for its message, its channel and its template.
package struct Verdict: Sendable, Equatable {
    /// The consequence for the message.
    package enum Fate: Sendable, Equatable {
        /// The provider's ids of the message, and the recipient that the provider reports.
        case accepted([String], Party)
        /// The message is retried later. `counts` is false when the channel was at fault: that does
        /// not count against the message.
        case again(after: Duration, counts: Bool, Reason)
        case failed(Reason, Consequence)
        /// The message must not be sent any more.
        case cancelled(Reason)
        case unknown(Reason)
    }

    /// The consequence for the channel.
    package enum Channel: Sendable, Equatable {
        case works
        /// The failure may be the channel's and not the message's. Enough of these open the
        /// breaker.
        case doubtful(Reason)
        /// The channel must pause. `isAsked`: the provider itself asked for this pause.
        case hold(Duration, isAsked: Bool, Reason)
        /// The channel is paused until a person has looked.
        case pause(Reason)
    }

    package let fate: Fate
    package let channel: Channel
    /// Set if campaigns must stop using the message's template until a person has looked.
    package var template: Reason?

    /// Retries after the first attempt.
    package static let retryLimit = 3
    /// The limit of attempts of any kind. It also ends the retries on a channel that asks for
    /// pauses forever.
    package static let attemptLimit = 100
    /// Attempts that the channel may reject before a message waits longer than its channel does.
    private static let quickAttempts = 10
    private static let firstWait = Duration.seconds(60)

    /// How long to wait after `failures` failed attempts, at least 1: 1, 2, 4 minutes.
    package static func wait(failures: Int) -> Duration {
        firstWait * (1 << (min(max(failures, 1), 16) - 1))
    }

    /// A fate with no consequence for the channel or the template.
    init(_ fate: Fate) {
        self.fate = fate
        channel = .works
    }

    package init(_ outcome: SendOutcome, for message: ClaimedMessage) {
        let (attempt, failures) = (message.reference.attempt, message.failures)
        self.init(outcome, attempt: attempt, failures: failures)
    }

    /// The verdict on `attempt` of a message with `failures` earlier failures of its own. It is the
    /// same whether the outcome came as an answer or as a receipt.
    package init(_ outcome: SendOutcome, attempt: Int, failures: Int) {
        switch outcome {
        case .accepted(let acceptance):
            fate = .accepted(acceptance.messageID.all, acceptance.recipient)
            channel = .works
        case .retry(let retry):
            fate = Self.fate(retry, attempt: attempt, failures: failures)
            channel = Self.channel(retry)
        case .pauseChannel(let reason):
            fate = Self.later(attempt, reason)
            channel = .pause(reason)
        case .pauseTemplate(let reason):
            fate = Self.later(attempt, reason)
            channel = .works
            template = reason
        case .useTemplate(let reason):
            fate = .failed(reason, .none)
            channel = .works
        case .giveUp(let reason, let consequence):
            fate = .failed(reason, consequence)
            channel = .works
        case .unknown(let reason):
            fate = .unknown(reason)
            channel = .doubtful(reason)
        }
    }

    /// The message was not sent because its lease ran out first. Nothing is at fault.
    package init(releasing message: ClaimedMessage) {
        self.init(.again(after: .zero, counts: false, .notBegun))
    }

    /// The recipient has unsubscribed or was blocked since the message was written.
    package init(cancelling message: ClaimedMessage) {
        self.init(.cancelled(.left))
    }

    /// The message cannot be sent as it is.
    package init(refusing message: ClaimedMessage, because reason: Reason) {
        self.init(.failed(reason, .none))
    }

    /// The message may have been sent, but the provider's answer is lost.
    package init(losing message: ClaimedMessage, because reason: Reason) {
        self.init(.unknown(reason))
    }

    private static func fate(_ retry: Retry, attempt: Int, failures: Int) -> Fate {
        let reason = retry.reason
        switch retry.scope {
        case .channel: return later(attempt, reason, after: patience(attempt))
        case .message, .pair:
            let failures = failures + 1
            let limit = min(retryLimit + 1, retry.attemptLimit ?? .max)
            if failures >= limit { return .failed(reason, .none) }
            let wait = max(retry.wait(failures: failures), wait(failures: failures))
            return .again(after: wait, counts: true, reason)
        }
    }

    /// A message that the channel has rejected many times waits, so that other messages are tried
    /// first. Its attempts then last for days.
    private static func patience(_ attempt: Int) -> Duration {
        attempt <= quickAttempts
            ? .zero : min(wait(failures: attempt - quickAttempts), Breaker.longestHold)
    }

    private static func later(
        _ attempt: Int,
        _ reason: Reason,
        after wait: Duration = .zero
    ) -> Fate {
        if attempt >= attemptLimit { return .failed(reason, .none) }
        return .again(after: wait, counts: false, reason)
    }

    private static func channel(_ retry: Retry) -> Channel {
        switch retry.scope {
        case .message, .pair: .works
        case .channel:
            .hold(retry.wait(failures: 1), isAsked: retry.isAsked, retry.reason)
        }
    }
}

extension Reason {
    fileprivate static let left = Reason(
        code: "unsubscribed",
        french: "Le contact s'est désabonné ou a été bloqué avant l'envoi.",
        english: "The contact unsubscribed or was blocked before it was sent."
    )

    fileprivate static let notBegun = Reason(
        french: "Pas encore envoyé : l'envoi reprendra.",
        english: "Not sent yet: it will be taken up again."
    )
}
