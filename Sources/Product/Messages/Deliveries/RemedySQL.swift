internal import Database
internal import FunctionContract
internal import Providers

/// The statements that requeue messages which failed after their provider had accepted them.
enum RemedySQL {
    /// Locks the messages until the transaction ends and returns their state. The lock order is the
    /// campaigns first, as in a stop, then the outbox rows, then the messages, as in a sender.
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

    /// `is_out`: the last attempt may have failed. No status better than `sent` is known, and the
    /// message is not waiting for its next attempt.
    ///
    /// `is_open`: the campaign may still send. A campaign that completed more than a day ago may
    /// not: nobody expects anything from it any more.
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

    /// Makes the messages wait for their next attempt, even if a sender has claimed them. Reopens
    /// their campaign if it was completed.
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

/// The state of a message for which a failure is reported.
struct Standing {
    let message: UUID
    let contact: UUID
    let template: UUID?
    let attempt: Int
    let failures: Int
    /// The last attempt may have failed: no status better than `sent` is known.
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

/// A message to be requeued.
struct Return {
    let standing: Standing
    let wait: Duration
    /// The failure counts against the message.
    let counts: Bool
    let reason: Reason
}
