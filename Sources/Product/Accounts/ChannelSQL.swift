internal import Database
internal import FunctionContract
internal import Providers
internal import Work

/// The statements about channels.
enum ChannelSQL {
    private static let columns = """
        id, workspace, name, provider, base_url, external_id, account_id, api_version, phone,
        status, interval_us, burst, jitter_percent, lot_size, lot_pause_us, pair_gap_seconds,
        daily_cap, timezone, quiet_from::text AS quiet_from, quiet_until::text AS quiet_until,
        marketing_api
        """

    static func add(_ channel: Channel, access: [UInt8], webhook: [UInt8]) -> Statement {
        Statement(
            """
            WITH new AS (
                INSERT INTO relais.channel (id, workspace, name, provider, base_url, external_id,
                    account_id, api_version, phone, interval_us, burst, jitter_percent, lot_size,
                    lot_pause_us, pair_gap_seconds, daily_cap, timezone, quiet_from, quiet_until,
                    marketing_api, access, webhook, created_by)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                    $18::text::time, $19::text::time, $20, $21, $22,
                    (SELECT relais.current_member()))
                RETURNING id, workspace
            )
            INSERT INTO relais.channel_state (channel, workspace) SELECT id, workspace FROM new
            """,
            [
                .uuid(channel.id), .uuid(channel.workspace), .text(channel.name),
                .text(channel.provider.rawValue), .text(channel.baseURL), .text(channel.externalID),
                .text(channel.accountID), .text(channel.apiVersion), .text(channel.phone),
            ] + settings(of: channel) + [.bytes(access), .bytes(webhook)]
        )
    }

    /// Updates the settings that a person may change while the channel is in use.
    static func change(_ channel: Channel) -> Statement {
        Statement(
            """
            UPDATE relais.channel
            SET name = $2, interval_us = $3, burst = $4, jitter_percent = $5, lot_size = $6,
                lot_pause_us = $7, pair_gap_seconds = $8, daily_cap = $9, timezone = $10,
                quiet_from = $11::text::time, quiet_until = $12::text::time, marketing_api = $13,
                updated_at = now()
            WHERE id = $1
            """,
            [.uuid(channel.id), .text(channel.name)] + settings(of: channel)
        )
    }

    private static func settings(of channel: Channel) -> [Parameter] {
        let pacing = channel.pacing
        return [
            .int(Int(pacing.limit.interval / .microseconds(1))), .int(pacing.limit.burst),
            .int(pacing.jitterPercent), .int(pacing.lot?.size),
            .int(pacing.lot.map { Int($0.pause / .microseconds(1)) }),
            .int(Int(channel.pairGap / .seconds(1))), .int(channel.dailyCap),
            .text(channel.timezone), .text(channel.quietHours?.from),
            .text(channel.quietHours?.until), .bool(channel.usesMarketingAPI),
        ]
    }

    static func read(_ id: UUID) -> Statement {
        Statement("SELECT \(columns), access FROM relais.channel WHERE id = $1", .uuid(id))
    }

    static let all = Statement("SELECT \(columns) FROM relais.channel ORDER BY name, id")

    static func receiving(_ id: UUID) -> Statement {
        Statement("SELECT \(columns), webhook FROM relais.channel WHERE id = $1", .uuid(id))
    }

    /// The state of a channel. Of its webhooks it reads the latest one that waits, and counts those
    /// that failed up to `most`.
    static func standing(_ id: UUID, most: Int) -> Statement {
        Statement(
            """
            SELECT reason::text AS reason,
                CASE WHEN held_until > now() THEN held_until END AS held_until,
                held_reason::text AS held_reason,
                relais.quiet_end(now(), quiet_from, quiet_until, timezone) AS quiet_until,
                relais.is_timezone(timezone) AS knows_timezone, messaging_limit,
                warning::text AS warning,
                greatest(waiting.received_at, turn.received_at) AS last_webhook,
                failed.count AS failed_webhooks
            FROM relais.channel
            JOIN relais.channel_state AS condition ON condition.channel = channel.id
            LEFT JOIN relais.inbox_turn AS turn
                ON turn.workspace = channel.workspace AND turn.line = channel.id
            LEFT JOIN LATERAL (
                SELECT received_at FROM relais.webhook_inbox AS webhook
                WHERE webhook.workspace = channel.workspace AND webhook.channel = channel.id
                    AND webhook.state = 'received'
                ORDER BY webhook.received_at DESC, webhook.id DESC LIMIT 1
            ) AS waiting ON true
            CROSS JOIN LATERAL (
                SELECT count(*)::integer AS count
                FROM (
                    SELECT FROM relais.webhook_inbox AS webhook
                    WHERE webhook.workspace = channel.workspace AND webhook.channel = channel.id
                        AND webhook.state = 'failed'
                    LIMIT $2
                ) AS found
            ) AS failed
            WHERE channel.id = $1
            """,
            .uuid(id),
            .int(most)
        )
    }

    /// Replaces the access secret. Also releases a channel that was held because its old secret was
    /// unusable.
    static func replace(access: [UInt8], of id: UUID) -> Statement {
        Statement(
            """
            WITH released AS (
                UPDATE relais.channel_state
                SET held_until = '-infinity', held_reason = NULL, obstacles = 0
                WHERE channel = $1 AND held_reason ->> 'code' = 'unusable'
            )
            UPDATE relais.channel SET access = $2, updated_at = now() WHERE id = $1
            """,
            .uuid(id),
            .bytes(access)
        )
    }

    static func replace(webhook: [UInt8], of id: UUID) -> Statement {
        Statement(
            "UPDATE relais.channel SET webhook = $2, updated_at = now() WHERE id = $1",
            .uuid(id),
            .bytes(webhook)
        )
    }

    /// Resumes a channel that a person has checked. The circuit breaker starts from zero.
    static func resume(_ id: UUID) -> Statement {
        Statement(
            """
            WITH resumed AS (
                UPDATE relais.channel SET status = 'active', reason = NULL, updated_at = now()
                WHERE id = $1
                RETURNING id
            )
            UPDATE relais.channel_state
            SET failures = 0, obstacles = 0, held_until = '-infinity', held_reason = NULL
            WHERE channel = (SELECT id FROM resumed)
            """,
            .uuid(id)
        )
    }

    /// Pauses a channel by hand. The NULL reason marks the pause as a person's, so that no news
    /// from the provider resumes the channel.
    static func pause(_ id: UUID) -> Statement {
        Statement(
            """
            UPDATE relais.channel SET status = 'paused', reason = NULL, updated_at = now()
            WHERE id = $1
            """,
            .uuid(id)
        )
    }
}
