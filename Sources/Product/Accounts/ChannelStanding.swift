internal import Database
package import FunctionContract
package import Work

/// How a channel is doing, for whoever runs the platform.
package struct ChannelStanding: Sendable, Equatable {
    /// Why it is paused, as `{"code", "detail", "fr", "en"}`.
    package let reason: String?
    /// Nothing goes out before, and why; nil when nothing holds it.
    package let heldUntil: Timestamp?
    package let heldReason: String?
    package let quietUntil: Timestamp?
    /// How many people it may write to first in a day, in the provider's word.
    package let messagingLimit: String?
    /// What the provider last warned of, like `reason`. Sending goes on.
    package let warning: String?
    package let today: Usage
    package let lastWebhook: Timestamp?
    /// Webhooks that nobody could read.
    package let failedWebhooks: Int
}

extension Channels {
    package func standing(of channel: Channel) throws(AccountError) -> ChannelStanding {
        try AccountError.wrap { () throws(DatabaseError) in
            let today = try Counters(connection).usage(of: channel.dailyCounter)
            let rows = try connection.transaction(
                TransactionOptions(identity: .service(channel.workspace)),
                [ChannelSQL.standing(channel.id)]
            )[0]
            guard let row = rows.first else {
                throw DatabaseError(.other, "the channel was removed a moment ago")
            }
            return ChannelStanding(
                reason: try row.get("reason"),
                heldUntil: try row.get("held_until"),
                heldReason: try row.get("held_reason"),
                quietUntil: try row.get("quiet_until"),
                messagingLimit: try row.get("messaging_limit"),
                warning: try row.get("warning"),
                today: today,
                lastWebhook: try row.get("last_webhook"),
                failedWebhooks: try row.get("failed_webhooks")
            )
        }
    }
}
