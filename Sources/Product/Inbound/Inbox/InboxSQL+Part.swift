internal import Database
internal import FunctionContract

extension InboxSQL {
    /// Locks the webhooks of a part until its transaction ends: no other reader claims them
    /// meanwhile, however long it takes. Returns a row for each webhook that this reader still
    /// holds.
    static func hold(_ part: Part) -> Statement {
        let tickets = part.slices.map(\.webhook.ticket)
        return Statement(
            """
            SELECT inbox.id
            FROM unnest($1, $2) AS claim (id, token)
            JOIN relais.webhook_inbox AS inbox
                ON inbox.workspace = (SELECT relais.current_workspace()) AND inbox.id = claim.id
            WHERE inbox.lease_token = claim.token AND inbox.state IN ('received', 'delayed')
            ORDER BY inbox.received_at, inbox.id FOR UPDATE OF inbox
            """,
            .uuids(tickets.map(\.id)),
            .int32s(tickets.map { Int32($0.token) })
        )
    }

    /// Records how far the webhooks of a part are read, and releases them. If the reader goes on
    /// with a webhook, it keeps it for `lease`. Returns the state of each.
    ///
    /// A webhook with failed events is tried again from its start, a few times. Reading an event
    /// again changes nothing.
    static func record(_ part: Part, _ lease: Duration) -> Statement {
        let slices = part.slices
        return Statement(
            record,
            .uuids(slices.map(\.webhook.ticket.id)),
            .int32s(slices.map { Int32($0.webhook.ticket.token) }),
            .int32s(slices.map { Int32($0.webhook.events.count) }),
            .int32s(slices.map { Int32($0.range.lowerBound) }),
            .int32s(slices.map { Int32($0.range.upperBound) }),
            .int32s(slices.map { Int32($0.unknownCount) }),
            .texts(slices.map { $0.failure?.storable }),
            .int32(Int32(Inbox.tryLimit)),
            .double(part.isFollowed ? lease / .seconds(1) : nil)
        )
    }

    private static let record = """
        WITH part AS MATERIALIZED (
            SELECT *, upto = events AS is_last
            FROM unnest($1, $2, $3, $4, $5, $6, $7)
                AS part (id, token, events, since, upto, unknown, error)
        ), pass AS MATERIALIZED (
            SELECT part.*,
                CASE WHEN since = 0 THEN 0 ELSE inbox.failed_count END
                    + CASE WHEN part.error IS NULL THEN 0 ELSE 1 END AS failures,
                CASE WHEN since = 0 THEN 0 ELSE coalesce(inbox.unknown_count, 0) END
                    + part.unknown AS unknowns
            FROM part
            JOIN relais.webhook_inbox AS inbox
                ON inbox.workspace = (SELECT relais.current_workspace()) AND inbox.id = part.id
        ), next AS MATERIALIZED (
            SELECT pass.*, CASE
                WHEN NOT is_last THEN 'received'
                WHEN failures = 0 THEN 'done'
                WHEN attempts + 1 >= $8 THEN 'failed'
                ELSE 'delayed' END AS state
            FROM pass
            JOIN relais.webhook_inbox AS inbox
                ON inbox.workspace = (SELECT relais.current_workspace()) AND inbox.id = pass.id
        )
        UPDATE relais.webhook_inbox AS inbox
        SET state = next.state, event_count = next.events, unknown_count = next.unknowns,
            read_count = CASE WHEN is_last THEN 0 ELSE upto END,
            failed_count = CASE WHEN is_last THEN 0 ELSE failures END, claims = 0,
            attempts = attempts + CASE WHEN next.state IN ('delayed', 'failed') THEN 1 ELSE 0 END,
            processed_at = CASE WHEN next.state IN ('done', 'failed') THEN clock_timestamp() END,
            lease_until = statement_timestamp() + CASE next.state
                WHEN 'received' THEN make_interval(secs => $9) WHEN 'delayed' THEN \(pause) END,
            error = CASE WHEN next.state <> 'done' THEN coalesce(next.error, inbox.error) END
        FROM next
        WHERE inbox.workspace = (SELECT relais.current_workspace()) AND inbox.id = next.id
            AND inbox.lease_token = next.token
        RETURNING inbox.state
        """

    /// Releases webhooks that were claimed and not read.
    static func release(_ tickets: [InboxTicket]) -> Statement {
        change(tickets, "lease_until = NULL, claims = 0")
    }

    /// Keeps webhooks for `lease` from now.
    static func keep(_ tickets: [InboxTicket], _ lease: Duration) -> Statement {
        change(
            tickets,
            "lease_until = statement_timestamp() + make_interval(secs => $3)",
            .double(lease / .seconds(1))
        )
    }

    /// Changes webhooks that were claimed and not read yet.
    private static func change(
        _ tickets: [InboxTicket],
        _ change: String,
        _ parameters: Parameter...
    ) -> Statement {
        Statement(
            """
            UPDATE relais.webhook_inbox AS inbox SET \(change)
            FROM unnest($1, $2) AS claim (id, token)
            WHERE inbox.workspace = (SELECT relais.current_workspace()) AND inbox.id = claim.id
                AND inbox.lease_token = claim.token AND inbox.state = 'received'
            """,
            [.uuids(tickets.map(\.id)), .int32s(tickets.map { Int32($0.token) })] + parameters
        )
    }
}
