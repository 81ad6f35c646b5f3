internal import Database
internal import FunctionContract
internal import Providers

/// The statements that store, claim and fail webhooks.
enum InboxSQL {
    /// Stores webhooks. A repeated delivery of the same bytes adds no second row.
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

    /// Selects the next line: the line served longest ago, in the workspace served longest ago. Its
    /// head is locked until the claim commits. A head that is being read stays locked, and locked
    /// heads are skipped.
    ///
    /// This takes one index probe for each line, however long the line is. ORDER BY names all four
    /// columns: only the index of waiting webhooks has that order.
    static let turn = Statement(
        """
        WITH RECURSIVE line (workspace, channel, id, received_at, lease_until) AS (
            (SELECT workspace, channel, id, received_at, lease_until FROM relais.webhook_inbox
            WHERE state = 'received'
            ORDER BY workspace, channel, received_at, id LIMIT 1)
            UNION ALL
            SELECT next.*
            FROM line
            CROSS JOIN LATERAL (
                SELECT workspace, channel, id, received_at, lease_until FROM relais.webhook_inbox
                WHERE state = 'received'
                    AND (workspace, channel) > (line.workspace, line.channel)
                ORDER BY workspace, channel, received_at, id LIMIT 1
            ) AS next
        ), head AS MATERIALIZED (
            SELECT line.workspace, line.id, line.received_at,
                (SELECT served_at FROM relais.inbox_turn AS turn
                WHERE turn.workspace = line.workspace AND turn.line = line.workspace) AS tenant,
                (SELECT served_at FROM relais.inbox_turn AS turn
                WHERE turn.workspace = line.workspace AND turn.line = line.channel) AS line
            FROM line
            WHERE coalesce(line.lease_until <= statement_timestamp(), true)
        )
        SELECT inbox.workspace, inbox.channel
        FROM head
        JOIN relais.webhook_inbox AS inbox
            ON inbox.workspace = head.workspace AND inbox.id = head.id
        WHERE inbox.state = 'received'
            AND coalesce(inbox.lease_until <= statement_timestamp(), true)
        ORDER BY head.tenant NULLS FIRST, head.line NULLS FIRST, head.received_at, head.id
        LIMIT 1 FOR UPDATE OF inbox SKIP LOCKED
        """
    )

    /// Claims the first webhooks of a line, in order, up to a number and a size: at least one. A
    /// head that is read in parts is claimed alone.
    ///
    /// A head whose readers died before reading anything may have killed them. It is claimed with
    /// fewer webhooks each time: 200, 25, 3, 1.
    static func claim(workspace: UUID, channel: UUID, lease: Duration) -> Statement {
        Statement(
            """
            WITH line AS (
                SELECT id, received_at, octet_length(body) AS size, claims, read_count
                FROM relais.webhook_inbox
                WHERE workspace = $3 AND channel = $4 AND state = 'received'
                    AND coalesce(lease_until <= statement_timestamp(), true)
                ORDER BY received_at, id LIMIT $5
            ), part AS (
                SELECT id, sum(size) OVER place AS total, row_number() OVER place AS number,
                    first_value(claims) OVER place AS head_claims,
                    first_value(read_count) OVER place AS head_read
                FROM line WINDOW place AS (ORDER BY received_at, id)
            ), mine AS (
                SELECT inbox.workspace, inbox.id
                FROM relais.webhook_inbox AS inbox JOIN part USING (id)
                WHERE inbox.workspace = $3
                    AND (number = 1 OR total <= $6 AND head_read = 0
                        AND number <= $5::integer >> 3 * least(head_claims, 9))
                    AND state = 'received' AND coalesce(lease_until <= statement_timestamp(), true)
                FOR UPDATE OF inbox SKIP LOCKED
            ), \(taken)
            """,
            .double(lease / .seconds(1)),
            .int(Inbox.lineLimit),
            .uuid(workspace),
            .uuid(channel),
            .int(Inbox.batchLimit),
            .int(Inbox.byteLimit)
        )
    }

    /// Claims a delayed webhook whose pause is over, from the workspace served longest ago.
    static func claimDelayed(lease: Duration) -> Statement {
        Statement(
            """
            WITH due AS MATERIALIZED (
                SELECT first.workspace, first.id, first.lease_until, turn.served_at
                FROM (
                    SELECT workspace, id, lease_until FROM relais.webhook_inbox
                    WHERE state = 'delayed' AND lease_until <= statement_timestamp()
                    ORDER BY lease_until, id LIMIT 100
                ) AS first
                LEFT JOIN relais.inbox_turn AS turn
                    ON turn.workspace = first.workspace AND turn.line = first.workspace
            ), mine AS (
                SELECT inbox.workspace, inbox.id
                FROM due
                JOIN relais.webhook_inbox AS inbox
                    ON inbox.workspace = due.workspace AND inbox.id = due.id
                WHERE inbox.state = 'delayed' AND inbox.lease_until <= statement_timestamp()
                ORDER BY due.served_at NULLS FIRST, due.lease_until, due.id
                LIMIT 1 FOR UPDATE OF inbox SKIP LOCKED
            ), \(taken)
            """,
            .double(lease / .seconds(1)),
            .int(Inbox.lineLimit)
        )
    }

    /// Marks webhooks as claimed. A webhook whose readers keep dying is delayed too.
    private static let taken = """
        taken AS (
            UPDATE relais.webhook_inbox AS inbox
            SET lease_token = lease_token + 1, claims = claims + 1,
                state = CASE WHEN claims < $2 THEN state ELSE 'delayed' END,
                lease_until = statement_timestamp() + make_interval(secs => $1)
            FROM mine WHERE inbox.workspace = mine.workspace AND inbox.id = mine.id
            RETURNING inbox.id, inbox.workspace, inbox.channel, provider, body, received_at,
                attempts, lease_token, claims, read_count, event_count
        ), served AS (
            INSERT INTO relais.inbox_turn AS turn (workspace, line, served_at, received_at)
            SELECT workspace, line, clock_timestamp(), received_at
            FROM (
                SELECT DISTINCT workspace, workspace AS line, NULL::timestamptz AS received_at
                FROM taken
                UNION ALL
                SELECT workspace, channel, max(received_at) FROM taken GROUP BY workspace, channel
            ) AS served
            ORDER BY workspace, line
            ON CONFLICT (workspace, line) DO UPDATE SET served_at = excluded.served_at,
                received_at = greatest(turn.received_at, excluded.received_at)
        )
        SELECT * FROM taken ORDER BY received_at, id
        """

    /// Takes claims back from the count of readers that died. The leases stay. A webhook of which
    /// an event was read meanwhile has another count by now.
    static func forgive(_ tickets: [InboxTicket]) -> Statement {
        Statement(
            """
            UPDATE relais.webhook_inbox AS inbox SET claims = inbox.claims - 1
            FROM unnest($1, $2, $3, $4) AS claim (workspace, id, token, claims)
            WHERE inbox.workspace = claim.workspace AND inbox.id = claim.id
                AND inbox.lease_token = claim.token AND inbox.claims = claim.claims
            """,
            .uuids(tickets.map(\.workspace)),
            .uuids(tickets.map(\.id)),
            .int32s(tickets.map { Int32($0.token) }),
            .int32s(tickets.map { Int32($0.claims) })
        )
    }

    static func fail(_ webhook: UnreadableWebhook) -> Statement {
        Statement(
            """
            UPDATE relais.webhook_inbox
            SET attempts = attempts + 1, error = $4, claims = 0,
                state = CASE WHEN attempts + 1 >= $5 THEN 'failed' ELSE 'delayed' END,
                processed_at = CASE WHEN attempts + 1 >= $5 THEN clock_timestamp() END,
                lease_until = CASE WHEN attempts + 1 < $5
                    THEN statement_timestamp() + \(pause) END
            WHERE workspace = $1 AND id = $2 AND lease_token = $3
                AND state IN ('received', 'delayed')
            """,
            .uuid(webhook.ticket.workspace),
            .uuid(webhook.ticket.id),
            .int32(Int32(webhook.ticket.token)),
            .text(webhook.words.storable),
            .int32(Int32(webhook.tryLimit))
        )
    }

    /// The pause before the next try: it grows from 20 seconds to an hour.
    static let pause = "make_interval(secs => least(3600, 5 * 4 ^ least(attempts + 1, 8)))"

    /// How many webhooks can be claimed now, counted up to `most`.
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
