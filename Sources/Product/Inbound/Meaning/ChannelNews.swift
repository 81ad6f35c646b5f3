internal import Campaigns
internal import Database
package import FunctionContract
internal import Messages
package import Providers

/// A provider's news about a channel: whether it can send, and its standing.
package struct ChannelNews: Sendable, Equatable {
    /// The source of a pause. Only news from the same source resumes the channel. A person must
    /// resume a channel that a person or the circuit breaker paused.
    package enum Source: String, Sendable {
        case session
        case account
    }

    package enum Verdict: Sendable, Equatable {
        case pause(Reason)
        /// Nothing is sent before `until`; then the channel resumes by itself.
        case rest(until: Timestamp, Reason)
        case resume
        case note(ChannelNote)
    }

    package var source: Source
    package var verdict: Verdict
    package var at: Timestamp

    /// Returns nil while a session is starting.
    package init?(_ update: SessionUpdate, at: Timestamp) {
        let words: (french: String, english: String)
        switch update.state {
        case .starting: return nil
        case .working: words = ("", "")
        case .needsPairing:
            words = (
                "La session WhatsApp doit être associée de nouveau : scannez le code QR.",
                "The WhatsApp session must be paired again: scan the QR code."
            )
        case .stopped:
            words = (
                "La session WhatsApp est arrêtée : redémarrez-la.",
                "The WhatsApp session has stopped: start it again."
            )
        case .failed:
            words = (
                "La session WhatsApp est en échec : redémarrez-la, puis associez-la si besoin.",
                "The WhatsApp session has failed: restart it, and pair it again if needed."
            )
        }
        source = .session
        self.at = at
        verdict =
            update.state == .working
            ? .resume
            : .pause(Reason(news: .session, update.detail ?? update.word, words))
    }

    /// Returns nil for news that changes nothing.
    package init?(_ update: AccountUpdate, from provider: Provider, at: Timestamp) {
        guard let verdict = Self.verdict(on: update, from: provider, at: at) else { return nil }
        source = .account
        self.at = at
        self.verdict = verdict
    }

    private static func verdict(
        on update: AccountUpdate,
        from provider: Provider,
        at: Timestamp
    ) -> Verdict? {
        switch (update.topic, update.event) {
        case ("errors", let code):
            let failure = ProviderFailure(code: code, detail: update.detail)
            guard case .pauseChannel(let reason) = provider.outcome(of: failure) else {
                return nil
            }
            let words = (reason.french, reason.english)
            return .pause(Reason(news: .account, update.detail, words))
        case ("account_update", "ACCOUNT_RESTRICTION"): return restriction(update, at: at)
        case ("account_update", let event?) where resuming.contains(event),
            ("account_review_update", let event?) where resuming.contains(event):
            return .resume
        case ("account_update", "DISABLED_UPDATE"):
            return update.detail == "REINSTATE" ? .resume : .pause(disabled(update))
        case ("account_update", let event?) where stopping.contains(event):
            return .pause(disabled(update))
        case ("account_review_update", "REJECTED"): return .pause(disabled(update))
        default: return ChannelNote(update).map { .note($0) }
        }
    }

    /// Meta's event names for an account that may not send.
    private static let stopping: Set = [
        "ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED", "PARTNER_REMOVED", "PHONE_NUMBER_REMOVED",
    ]

    /// Meta's event names for an account that may send again.
    private static let resuming: Set = ["ACCOUNT_REINSTATED", "ACCOUNT_RECONNECTED", "APPROVED"]

    /// Some restrictions do not affect messages: an account that may not add numbers still sends. A
    /// restriction with a known end expires by itself.
    private static func restriction(_ update: AccountUpdate, at: Timestamp) -> Verdict? {
        let restrictions = update.restrictions.filter { $0.type.contains("MESSAGING") }
        guard !restrictions.isEmpty || update.restrictions.isEmpty else {
            return ChannelNote(update).map { .note($0) }
        }
        let ends = restrictions.compactMap(\.until)
        guard let end = ends.max(), ends.count == restrictions.count else {
            return .pause(disabled(update))
        }
        return end <= at ? nil : .rest(until: end, disabled(update))
    }

    private static func disabled(_ update: AccountUpdate) -> Reason {
        Reason(
            news: .account,
            update.words,
            (
                "Meta a restreint ou désactivé le compte : ouvrez le gestionnaire WhatsApp.",
                "Meta has restricted or disabled the account: open WhatsApp Manager."
            )
        )
    }
}

extension AccountUpdate {
    /// The event in the provider's own words.
    var words: String {
        ([event, detail].compactMap { $0 } + restrictions.map(\.type)).joined(separator: ": ")
    }
}

extension Reason {
    init(
        news source: ChannelNews.Source,
        _ detail: String?,
        _ words: (french: String, english: String)
    ) {
        self.init(
            code: source.rawValue,
            detail: detail?.storable,
            french: words.french,
            english: words.english
        )
    }
}
