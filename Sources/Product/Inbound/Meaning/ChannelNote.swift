internal import Campaigns
internal import Messages
package import Providers

/// A channel's standing at its provider while it keeps sending: its messaging limit, and a warning.
package struct ChannelNote: Sendable, Equatable {
    package enum Warning: Sendable, Equatable {
        case same
        case new(Reason)
        /// The cause of the warning is over.
        case over
    }

    /// The messaging limit in the provider's notation; nil when the news does not contain it.
    package var limit: String?
    package var warning: Warning

    /// Returns nil for news that changes nothing about the channel.
    init?(_ update: AccountUpdate) {
        limit = update.limit?.storable
        warning = Self.warning(update)
        if limit == nil, warning == .same { return nil }
    }

    private static func warning(_ update: AccountUpdate) -> Warning {
        switch (update.topic, update.event) {
        case ("phone_number_quality_update", "FLAGGED"):
            .new(
                reason(
                    update,
                    "Meta juge faible la qualité de ce numéro. Écrivez moins, et seulement aux "
                        + "contacts qui attendent vos messages.",
                    "Meta rates the quality of this number as low. Write less, and only to "
                        + "contacts who expect your messages."
                )
            )
        case ("phone_number_quality_update", "DOWNGRADE"):
            .new(
                reason(
                    update,
                    "Meta a abaissé le nombre de contacts auxquels ce numéro peut écrire par jour. "
                        + "Réduisez le plafond quotidien du canal.",
                    "Meta has lowered how many contacts this number may write to in a day. Lower "
                        + "the channel's daily cap."
                )
            )
        case ("phone_number_quality_update", "UNFLAGGED"),
            ("phone_number_quality_update", "UPGRADE"):
            .over
        case ("account_update", "ACCOUNT_VIOLATION"), ("account_update", "ACCOUNT_RESTRICTION"),
            ("account_alerts", _?) where update.isGrave:
            .new(
                reason(
                    update,
                    "Meta avertit ce compte. Ouvrez le gestionnaire WhatsApp pour en voir la "
                        + "raison.",
                    "Meta warns this account. Open WhatsApp Manager to see the reason."
                )
            )
        default: .same
        }
    }

    private static func reason(
        _ update: AccountUpdate,
        _ french: String,
        _ english: String
    ) -> Reason {
        Reason(news: .account, update.words, (french, english))
    }
}

extension AccountUpdate {
    /// An alert may be good news.
    fileprivate var isGrave: Bool {
        topic != "account_alerts" || severity == "CRITICAL" || severity == "WARNING"
    }
}
