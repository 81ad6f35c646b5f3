/// What became of a send, and so what to do next.
package enum SendOutcome: Equatable, Sendable {
    /// The provider took the message. Whether it arrives is for receipts to say.
    case accepted(Acceptance)
    case retry(Retry)
    /// Nothing more goes out of this channel until a person has looked; the queue stays.
    case pauseChannel(Explanation)
    case pauseTemplate(Explanation)
    /// The 24-hour window is closed: only a template may be sent.
    case useTemplate(Explanation)
    case giveUp(Explanation, consequence: Consequence)
    /// Neither sent nor failed, until a webhook or a lookup settles it.
    case unknown(Explanation)

    package var explanation: Explanation? {
        switch self {
        case .accepted: nil
        case .retry(let retry): retry.explanation
        case .pauseChannel(let explanation), .pauseTemplate(let explanation),
            .useTemplate(let explanation), .giveUp(let explanation, _), .unknown(let explanation):
            explanation
        }
    }
}

/// A message in the provider's hands.
package struct Acceptance: Equatable, Sendable {
    package var messageID: MessageID
    /// What the provider calls the recipient.
    package var recipient = Party()

    init(messageID: MessageID) {
        self.messageID = messageID
    }
}

/// A send to do again later.
package struct Retry: Equatable, Sendable {
    /// What has to wait.
    package enum Scope: String, Sendable {
        case message
        /// Everything from this channel to this recipient.
        case pair
        /// Everything from this channel.
        case channel
    }

    package var scope: Scope
    /// The provider itself said how long to wait.
    package var isAsked = false
    package var firstWait: Duration
    /// Each wait is this many times the one before.
    package var factor: Int
    /// After so many attempts the message has failed; nil leaves it to the caller.
    package var attemptLimit: Int?
    package var explanation: Explanation

    init(
        _ scope: Scope,
        after firstWait: Duration,
        factor: Int = 2,
        attemptLimit: Int? = nil,
        _ explanation: Explanation
    ) {
        self.scope = scope
        self.firstWait = firstWait
        self.factor = factor
        self.attemptLimit = attemptLimit
        self.explanation = explanation
    }

    /// The same; no sooner than the provider asks for, if it does.
    func waiting(asLongAs asked: Duration?) -> Retry {
        guard let asked, asked > .zero else { return self }
        var retry = self
        retry.isAsked = true
        retry.firstWait = max(firstWait, asked)
        return retry
    }

    private static let longestWait = Duration.seconds(24 * 3600)

    /// How long to wait when `failures` attempts, at least 1, have failed. The caller adds jitter.
    package func wait(failures: Int) -> Duration {
        var wait = firstWait
        for _ in 1..<max(failures, 1) where wait < Self.longestWait { wait = wait * factor }
        return min(wait, max(firstWait, Self.longestWait))
    }
}

/// What a message that failed for good says about its recipient.
package enum Consequence: String, Sendable {
    case none
    /// The number is not reachable on WhatsApp: do not try it again.
    case undeliverable
    /// The recipient does not want such messages: respect it everywhere.
    case optedOut = "opted_out"
}

/// A reason in words: what happened, to what, and what to do.
package struct Explanation: Equatable, Sendable {
    /// The provider's code, or the HTTP status.
    package var code: String?
    /// The provider's own words.
    package var detail: String?
    package var french: String
    package var english: String

    static let codeLimit = 100
    static let detailLimit = 500

    init(
        code: String? = nil,
        detail: String? = nil,
        french: String,
        english: String
    ) {
        self.code = code?.cut(to: Self.codeLimit)
        self.detail = detail?.cut(to: Self.detailLimit)
        self.french = french
        self.english = english
    }
}

extension String {
    /// What a reader gets of words that others wrote: so many code points, and no U+0000.
    package func cut(to limit: Int) -> String {
        guard utf8.count > limit || utf8.contains(0) else { return self }
        let scalars = unicodeScalars.prefix(limit).map { $0 == "\0" ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
