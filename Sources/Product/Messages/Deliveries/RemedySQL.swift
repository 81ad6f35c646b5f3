internal import Database
internal import FunctionContract

/// How messages go back that failed on their way, after their provider had taken them.
enum RemedySQL {
    /// How the messages stand, held until the transaction ends; their campaigns are held first, as
    /// whoever stops one does, and their places in the outbox before them, as senders do.
    static func stand(_ messages: [UUID]) -> [Statement] {
        [
            """
            SELECT FROM relais.campaign WHERE id = ANY (ARRAY (
                SELECT campaign FROM relais.message WHERE id = ANY ($1)
            ))
            ORDER BY id FOR SHARE
            """,
            "SELECT FROM relais.outbox WHERE message = ANY ($1) ORDER BY message FOR UPDATE",
            stand,
        ].map { Statement($0, .uuids(messages)) }
    }

    /// The last attempt can have failed while nothing is known to have become of it but that the
    /// provider took it, and it does not wait for its next. A campaign that ended a day ago has
    /// ended: nobody expects anything of it any more.
    private static let stand = """
        SELECT message.id, message.contact, message.template, message.failures,
            coalesce(outbox.attempt, message.attempts) AS attempt,
            message.status < 'failed' AND CASE WHEN outbox.message IS NULL
                THEN message.status >= 'accepted' ELSE outbox.state <> 'ready' END AS is_out,
            coalesce(campaign.status IN ('running', 'paused') OR campaign.status = 'completed'
                AND campaign.completed_at > now() - interval '1 day', true) AS is_open
        FROM relais.message
        LEFT JOIN relais.outbox ON outbox.message = message.id
        LEFT JOIN relais.campaign ON campaign.id = message.campaign
        WHERE message.id = ANY ($1)
        ORDER BY message.id
        FOR UPDATE OF message
        """

    /// The messages wait for their next attempt, whoever had them in hand; a campaign that seemed
    /// to be done is not.
    static func giveBack(_ returns: [Return]) -> Statement {
        Statement(
            giveBack,
            .uuids(returns.map(\.standing.message)),
            .int32s(returns.map { Int32($0.standing.attempt) }),
            .doubles(returns.map { $0.wait / .seconds(1) }),
            .int32s(returns.map { $0.counts ? 1 : 0 }),
            .jsons(returns.map(\.reason.stored))
        )
    }

    private static let giveBack = """
        WITH given AS MATERIALIZED (
            SELECT message, attempt, wait, failures, reason
            FROM unnest($1, $2, $3, $4, $5) AS given (message, attempt, wait, failures, reason)
        ), waiting AS (
            \(Enqueue.messages(
                from: "given JOIN relais.message ON message.id = given.message",
                due: "statement_timestamp() + make_interval(secs => given.wait)",
                attempt: "given.attempt"
            ))
            ORDER BY message.id
            ON CONFLICT (message) DO UPDATE
            SET state = 'ready', lease_until = NULL, due_at = excluded.due_at
            RETURNING lane
        ), reopened AS (
            UPDATE relais.campaign
            SET status = 'running', completed_at = NULL, updated_at = now()
            WHERE id IN (SELECT lane FROM waiting) AND status = 'completed'
        )
        UPDATE relais.message
        SET status = 'queued', reason = given.reason, attempts = given.attempt,
            returned_attempt = given.attempt, failures = message.failures + given.failures,
            accepted_at = NULL, sent_at = NULL, failed_at = NULL
        FROM given WHERE message.id = given.message
        RETURNING message.id, message.campaign, message.contact, message.status::text AS status
        """
}

/// How a message stands of which a failure is told.
struct Standing {
    let message: UUID
    let contact: UUID
    let template: UUID?
    let attempt: Int
    let failures: Int
    /// Nothing is known to have become of the attempt but that the provider may have taken it.
    let isOut: Bool
    /// Its campaign may still send.
    let isOpen: Bool

    init(_ row: Row) throws(DatabaseError) {
        message = try row.get("id")
        contact = try row.get("contact")
        template = try row.get("template")
        attempt = try row.get("attempt")
        failures = try row.get("failures")
        isOut = try row.get("is_out")
        isOpen = try row.get("is_open")
    }
}

/// A message that goes back to wait for its next attempt.
struct Return {
    let standing: Standing
    let wait: Duration
    /// The failure was the message's own.
    let counts: Bool
    let reason: Reason
}
