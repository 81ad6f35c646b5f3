/// The result of a send, and therefore the next step.
package enum SendOutcome: Equatable, Sendable {
    /// The provider accepted the message. Receipts tell whether it arrives.
    case accepted(Acceptance)
    case retry(Retry)
    /// The channel sends nothing more until a person resumes it. Its queue stays.
    case pauseChannel(Reason)
    case pauseTemplate(Reason)
    /// The 24-hour window is closed: only a template may be sent.
    case useTemplate(Reason)
    case giveUp(Reason, consequence: Consequence)
    /// The message may or may not have been sent. A webhook or a lookup will tell.
    case unknown(Reason)

    package var reason: Reason? {
        switch self {
        case .accepted: nil
        case .retry(let retry): retry.reason
        case .pauseChannel(let reason), .pauseTemplate(let reason),
            .useTemplate(let reason), .giveUp(let reason, _), .unknown(let reason):
            reason
        }
    }
}

/// A message that the provider accepted.
package struct Acceptance: Equatable, Sendable {
    package var messageID: MessageID
    /// The names that the provider uses for the recipient.
    package var recipient = Party()

    init(messageID: MessageID) {
        self.messageID = messageID
    }
}

/// A send to repeat later.
package struct Retry: Equatable, Sendable {
    /// The scope of the wait.
    package enum Scope: String, Sendable {
        case message
        /// Everything from this channel to this recipient.
        case pair
        /// Everything from this channel.
        case channel
    }

    package var scope: Scope
    /// Whether the provider itself gave the wait.
    package var isAsked = false
    package var firstWait: Duration
    /// Each wait is this many times the previous one.
    package var factor: Int
    /// After this many attempts the message has failed; nil leaves the limit to the caller.
    package var attemptLimit: Int?
    package var reason: Reason

    init(
        _ scope: Scope,
        after firstWait: Duration,
        factor: Int = 2,
        attemptLimit: Int? = nil,
        _ reason: Reason
    ) {
        self.scope = scope
        self.firstWait = firstWait
        self.factor = factor
        self.attemptLimit = attemptLimit
        self.reason = reason
    }

    /// The same retry, but with a first wait of at least `asked`.
    func waiting(asLongAs asked: Duration?) -> Retry {
        guard let asked, asked > .zero else { return self }
        var retry = self
        retry.isAsked = true
        retry.firstWait = max(firstWait, asked)
        return retry
    }

    private static let longestWait = Duration.seconds(24 * 3600)

    /// How long to wait after `failures` failed attempts, at least 1. The caller adds jitter.
    package func wait(failures: Int) -> Duration {
        var wait = firstWait
        for _ in 1..<max(failures, 1) where wait < Self.longestWait { wait = wait * factor }
        return min(wait, max(firstWait, Self.longestWait))
    }
}

/// What the final failure of a message tells about its recipient.
package enum Consequence: String, Sendable {
    case none
    /// The number is not reachable on WhatsApp: do not send to it again.
    case undeliverable
    /// The recipient refuses such messages: respect this on every channel.
    case optedOut = "opted_out"
}
