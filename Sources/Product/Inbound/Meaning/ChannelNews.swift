internal import Campaigns
internal import Database
package import FunctionContract
package import Messages
package import Providers

/// What a provider says about a channel itself: whether it can go on sending.
package struct ChannelNews: Sendable, Equatable {
    /// Who paused a channel: only the same source sees it go on. What a person paused, or the
    /// breaker, is for a person to resume.
    package enum Source: String, Sendable {
        case session
        case account
    }

    package enum Verdict: Sendable, Equatable {
        case pause(Reason)
        case resume
    }

    package var source: Source
    package var verdict: Verdict
    package var at: Timestamp

    /// Nil while a session only starts.
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
            : .pause(Self.reason(.session, update.detail ?? update.word, words))
    }

    /// Nil for news after which sending goes on as before.
    package init?(_ update: AccountUpdate, from provider: Provider, at: Timestamp) {
        guard let verdict = Self.verdict(on: update, from: provider) else { return nil }
        source = .account
        self.at = at
        self.verdict = verdict
    }

    private static func verdict(on update: AccountUpdate, from provider: Provider) -> Verdict? {
        switch (update.topic, update.event) {
        case ("errors", let code):
            let failure = ProviderFailure(code: code, detail: update.detail)
            guard case .pauseChannel(let explanation) = provider.outcome(of: failure) else {
                return nil
            }
            return .pause(
                reason(.account, update.detail, (explanation.french, explanation.english))
            )
        case ("account_update", "ACCOUNT_REINSTATED"), ("account_review_update", "APPROVED"):
            return .resume
        case ("account_update", "DISABLED_UPDATE"):
            return update.detail == "REINSTATE" ? .resume : .pause(disabled(update))
        case ("account_update", let event?) where stopping.contains(event):
            return .pause(disabled(update))
        case ("account_review_update", "REJECTED"): return .pause(disabled(update))
        default: return nil
        }
    }

    /// Meta's words for an account that may not send.
    private static let stopping: Set = [
        "ACCOUNT_DELETED", "ACCOUNT_RESTRICTION", "PARTNER_REMOVED", "PHONE_NUMBER_REMOVED",
    ]

    private static func disabled(_ update: AccountUpdate) -> Reason {
        let words = [update.event, update.detail].compactMap { $0 }.joined(separator: ": ")
        return reason(
            .account,
            words,
            (
                "Meta a restreint ou désactivé le compte : ouvrez le gestionnaire WhatsApp.",
                "Meta has restricted or disabled the account: open WhatsApp Manager."
            )
        )
    }

    private static func reason(
        _ source: Source,
        _ detail: String?,
        _ words: (french: String, english: String)
    ) -> Reason {
        Reason(
            code: source.rawValue,
            detail: detail?.storable,
            french: words.french,
            english: words.english
        )
    }
}
