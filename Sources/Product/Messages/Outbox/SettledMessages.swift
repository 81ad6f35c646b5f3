package import Database
package import FunctionContract

/// What becomes of messages of which nobody knows whether they went out, when nobody says so.
package struct SettledMessages: Sendable, Equatable {
    /// Senders that were never heard of again left these behind.
    package var unknown = 0
    /// Their time of grace is over, and a person decides.
    package var parked = 0
    /// Their time of grace is over, and they go out once more.
    package var resent = 0

    package init(unknown: Int = 0, parked: Int = 0, resent: Int = 0) {
        self.unknown = unknown
        self.parked = parked
        self.resent = resent
    }

    /// Settles what is due in a workspace. The transaction's identity is that workspace.
    package static func run(
        now: Timestamp,
        in transaction: Transaction
    ) throws(DatabaseError) -> SettledMessages {
        let results = try transaction.pipeline([
            SettlementSQL.lose(grace: Outbox.grace), SettlementSQL.park, SettlementSQL.resend,
        ])
        try Deliveries.reunite(now: now, in: transaction)
        return SettledMessages(
            unknown: results[0].affected,
            parked: results[1].affected,
            resent: results[2].affected
        )
    }
}

enum SettlementSQL {
    /// A lease that ended with an attempt in it: the sender died, and the message may be out.
    static func lose(grace: Duration) -> Statement {
        Statement(
            """
            WITH lost AS (
                UPDATE relais.outbox
                SET state = 'unknown', due_at = statement_timestamp(),
                    lease_until = statement_timestamp() + make_interval(secs => $1)
                WHERE workspace = (SELECT relais.current_workspace())
                    AND lease_until <= statement_timestamp() AND state = 'sending'
                RETURNING message, attempt
            )
            UPDATE relais.message
            SET status = greatest(status, 'unknown'), attempts = lost.attempt, reason = $2
            FROM lost WHERE message.id = lost.message
            """,
            .double(grace / .seconds(1)),
            .json(Reason.senderLost.stored)
        )
    }

    /// Unless the campaign says otherwise; and a message that was already sent again in any case.
    static let park = Statement(
        """
        WITH parked AS (
            UPDATE relais.outbox SET state = 'parked', lease_until = 'infinity'
            WHERE workspace = (SELECT relais.current_workspace())
                AND lease_until <= statement_timestamp() AND state = 'unknown'
                AND (was_unknown OR NOT EXISTS (
                    SELECT FROM relais.campaign
                    WHERE campaign.id = outbox.lane AND unknown_policy = 'retry_once'
                        AND status IN ('running', 'paused')
                ))
            RETURNING message
        )
        UPDATE relais.message SET status = greatest(status, 'parked')
        FROM parked WHERE message.id = parked.message
        """
    )

    /// The rest goes out once more. Its campaigns are held: one that somebody stops at this moment
    /// sends nothing, and what it left is parked at the next run.
    static let resend = Statement(
        """
        WITH due AS MATERIALIZED (
            SELECT message, lane FROM relais.outbox
            WHERE workspace = (SELECT relais.current_workspace())
                AND lease_until <= statement_timestamp() AND state = 'unknown'
        ), open AS MATERIALIZED (
            SELECT id FROM relais.campaign
            WHERE id = ANY (ARRAY (SELECT lane FROM due)) AND status IN ('running', 'paused')
            ORDER BY id FOR SHARE
        ), again AS (
            UPDATE relais.outbox
            SET state = 'ready', lease_until = NULL, was_unknown = true,
                due_at = statement_timestamp()
            WHERE message = ANY (ARRAY (SELECT message FROM due))
                AND lane IN (SELECT id FROM open)
                AND lease_until <= statement_timestamp() AND state = 'unknown'
            RETURNING message
        )
        UPDATE relais.message SET status = 'queued'
        FROM again WHERE message.id = again.message AND message.status = 'unknown'
        """
    )
}

extension Reason {
    fileprivate static let senderLost = Reason(
        french: "L'envoi a été interrompu : le message est peut-être parti. Un accusé de réception "
            + "le dira ; ne le renvoyez pas avant.",
        english: "Sending was interrupted: the message may have gone out. A receipt will tell; do "
            + "not send it again before."
    )
}
