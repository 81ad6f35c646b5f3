internal import Database
package import FunctionContract
package import Work

/// The state of a channel, for operators of the platform.
package struct ChannelStanding: Sendable, Equatable {
    /// Why the channel is paused, as `{"code", "detail", "fr", "en"}`.
    package let reason: String?
    /// The time before which nothing is sent, and the reason; nil if the channel is not held.
    package let heldUntil: Timestamp?
    package let heldReason: String?
    package let quietUntil: Timestamp?
    /// The database server knows the channel's time zone. If not, its days and quiet hours go by
    /// UTC.
    package let knowsTimezone: Bool
    /// The daily limit of conversations that we may start, in the provider's word.
    package let messagingLimit: String?
    /// The provider's last warning, in the form of `reason`. A warning does not stop sending.
    package let warning: String?
    package let today: Usage
    package let lastWebhook: Timestamp?
    /// The number of webhooks that could not be processed. Counting stops at `failureLimit`.
    package let failedWebhooks: Int

    package static let failureLimit = 1000
}

extension Channels {
    package func standing(of channel: Channel) throws(AccountError) -> ChannelStanding {
        try AccountError.wrap { () throws(DatabaseError) in
            let today = try Counters(connection).usage(of: channel.dailyCounter)
            let rows = try connection.transaction(
                TransactionOptions(identity: .service(channel.workspace)),
                [ChannelSQL.standing(channel.id, most: ChannelStanding.failureLimit)]
            )[0]
            guard let row = rows.first else {
                throw DatabaseError(.other, "the channel was removed a moment ago")
            }
            return ChannelStanding(
                reason: try row.get("reason"),
                heldUntil: try row.get("held_until"),
                heldReason: try row.get("held_reason"),
                quietUntil: try row.get("quiet_until"),
                knowsTimezone: try row.get("knows_timezone"),
                messagingLimit: try row.get("messaging_limit"),
                warning: try row.get("warning"),
                today: today,
                lastWebhook: try row.get("last_webhook"),
                failedWebhooks: try row.get("failed_webhooks")
            )
        }
    }
}
