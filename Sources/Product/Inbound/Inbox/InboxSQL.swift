internal import Database
internal import FunctionContract
internal import Providers

/// The statements about webhooks that wait to be read.
enum InboxSQL {
    /// A second delivery of the same bytes is no second row.
    static func keep(_ webhooks: [ProvedWebhook]) -> Statement {
        Statement(
            "SELECT relais.keep_webhooks($1, $2, $3, $4, $5, $6)",
            .uuids(webhooks.map { _ in .v7() }),
            .uuids(webhooks.map(\.workspace)),
            .uuids(webhooks.map(\.arrival.address.channel)),
            .texts(webhooks.map(\.arrival.address.provider.rawValue)),
            .texts(webhooks.map(\.arrival.delivery.dedupeKey)),
            .byteStrings(webhooks.map(\.arrival.delivery.body))
        )
    }

    /// The channel with work whose head has waited longest and is nobody's. The lock makes others
    /// look elsewhere until the claim is visible to them. One probe of the index for each channel,
    /// however long its line is.
    static let turn = Statement(
        """
        WITH RECURSIVE channel (id) AS (
            (SELECT channel FROM relais.webhook_inbox WHERE state = 'received'
            ORDER BY channel LIMIT 1)
            UNION ALL
            SELECT (
                SELECT channel FROM relais.webhook_inbox
                WHERE state = 'received' AND channel > channel.id ORDER BY channel LIMIT 1)
            FROM channel WHERE channel.id IS NOT NULL
        ), head AS MATERIALIZED (
            SELECT channel.id, first.received_at
            FROM channel
            CROSS JOIN LATERAL (
                SELECT received_at, lease_until FROM relais.webhook_inbox
                WHERE state = 'received' AND channel = channel.id
                ORDER BY received_at, id LIMIT 1
            ) AS first
            WHERE coalesce(first.lease_until <= statement_timestamp(), true)
            ORDER BY first.received_at
        )
        SELECT id AS channel FROM head
        WHERE pg_try_advisory_xact_lock(hashtextextended('relais.inbox/' || id, 0))
        LIMIT 1
        """
    )

    /// The first of a channel's line, in order, up to a number and a size: at least one. A head
    /// that was claimed before and never finished is taken alone, for it may be what ended its
    /// reader.
    static func claim(_ channel: UUID, most: Int, bytes: Int, lease: Duration) -> Statement {
        Statement(
            """
            WITH line AS (
                SELECT id, received_at, octet_length(body) AS size, lease_token
                FROM relais.webhook_inbox
                WHERE channel = $3 AND state = 'received'
                    AND coalesce(lease_until <= statement_timestamp(), true)
                ORDER BY received_at, id LIMIT $4
            ), part AS (
                SELECT id, sum(size) OVER place AS total, row_number() OVER place AS number,
                    first_value(lease_token) OVER place AS head_token
                FROM line WINDOW place AS (ORDER BY received_at, id)
            ), mine AS (
                SELECT inbox.id FROM relais.webhook_inbox AS inbox JOIN part USING (id)
                WHERE (number = 1 OR total <= $5 AND head_token = 0)
                    AND state = 'received' AND coalesce(lease_until <= statement_timestamp(), true)
                FOR UPDATE OF inbox SKIP LOCKED
            ), \(taken)
            """,
            .double(lease / .seconds(1)),
            .int(Inbox.lineLimit),
            .uuid(channel),
            .int(most),
            .int(bytes)
        )
    }

    /// One that failed before and whose time has come.
    static func claimDelayed(lease: Duration) -> Statement {
        Statement(
            """
            WITH mine AS (
                SELECT id FROM relais.webhook_inbox
                WHERE state = 'delayed' AND lease_until <= statement_timestamp()
                ORDER BY lease_until, id LIMIT 1 FOR UPDATE SKIP LOCKED
            ), \(taken)
            """,
            .double(lease / .seconds(1)),
            .int(Inbox.lineLimit)
        )
    }

    /// One that comes back again and again, because its readers end, steps aside as well.
    private static let taken = """
        taken AS (
            UPDATE relais.webhook_inbox AS inbox
            SET lease_token = lease_token + 1,
                state = CASE WHEN lease_token < $2 THEN state ELSE 'delayed' END,
                lease_until = statement_timestamp() + make_interval(secs => $1)
            FROM mine WHERE inbox.id = mine.id
            RETURNING inbox.id, workspace, channel, provider, body, received_at, attempts,
                lease_token
        )
        SELECT * FROM taken ORDER BY received_at, id
        """

    static func finish(_ read: [ReadWebhook]) -> Statement {
        Statement(
            """
            UPDATE relais.webhook_inbox AS inbox
            SET state = 'done', processed_at = clock_timestamp(), lease_until = NULL, error = NULL,
                event_count = read.events, unknown_count = read.unknown
            FROM unnest($1, $2, $3, $4) AS read (id, token, events, unknown)
            WHERE inbox.id = read.id AND inbox.lease_token = read.token
                AND inbox.state IN ('received', 'delayed')
            """,
            .uuids(read.map(\.webhook.id)),
            .int32s(read.map { Int32($0.webhook.token) }),
            .int32s(read.map { Int32($0.events.count) }),
            .int32s(read.map { Int32($0.unknownCount) })
        )
    }

    /// Steps aside for `pause`; after the last try for good.
    static func fail(
        _ webhook: ClaimedWebhook,
        _ error: String,
        isFinal: Bool,
        pause: Duration
    ) -> Statement {
        Statement(
            """
            UPDATE relais.webhook_inbox
            SET attempts = attempts + 1, error = $3,
                state = CASE WHEN $4 THEN 'failed' ELSE 'delayed' END,
                processed_at = CASE WHEN $4 THEN clock_timestamp() END,
                lease_until = CASE WHEN NOT $4
                    THEN statement_timestamp() + make_interval(secs => $5) END
            WHERE id = $1 AND lease_token = $2 AND state IN ('received', 'delayed')
            """,
            .uuid(webhook.id),
            .int32(Int32(webhook.token)),
            .text(error.storable),
            .bool(isFinal),
            .double(pause / .seconds(1))
        )
    }

    /// How many can be claimed now, counted up to `most`.
    static func waiting(most: Int) -> Statement {
        Statement(
            """
            SELECT count(*)::integer AS waiting FROM (
                SELECT FROM relais.webhook_inbox
                WHERE state = 'received' AND coalesce(lease_until <= statement_timestamp(), true)
                LIMIT $1
            ) AS found
            """,
            .int(most)
        )
    }
}
