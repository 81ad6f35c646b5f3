package import Database
package import FunctionContract

/// What becomes of messages of which nobody knows whether they went out, when nobody says so.
package struct SettledMessages: Sendable, Equatable {
    /// Senders that were never heard of again left these behind.
    package var unknown: Int
    /// Their time of grace is over, and a person decides.
    package var parked: Int
    /// Their time of grace is over, and they go out once more.
    package var resent: Int
    /// There may be more to settle.
    package var hasMore = false

    /// Messages of each kind in one transaction, so that it ends in time however many there are.
    static let limit = 5_000

    package init(unknown: Int = 0, parked: Int = 0, resent: Int = 0) {
        self.unknown = unknown
        self.parked = parked
        self.resent = resent
    }

    /// Settles what is due in a workspace, up to a limit. The transaction's identity is that
    /// workspace.
    package static func run(
        now: Timestamp,
        in transaction: Transaction
    ) throws(DatabaseError) -> SettledMessages {
        let results = try transaction.pipeline([
            SettlementSQL.lose(grace: Outbox.grace), SettlementSQL.park, SettlementSQL.resend,
        ])
        try Deliveries.reunite(now: now, in: transaction)
        var settlement = SettledMessages(
            unknown: results[0].affected,
            parked: results[1].affected,
            resent: results[2].affected
        )
        settlement.hasMore = results.contains { $0.affected >= limit }
        return settlement
    }

    package mutating func add(_ other: SettledMessages) {
        unknown += other.unknown
        parked += other.parked
        resent += other.resent
        hasMore = hasMore || other.hasMore
    }
}

enum SettlementSQL {
    /// A lease that ended with an attempt in it: the sender died, and the message may be out.
    static func lose(grace: Duration) -> Statement {
        Statement(
            """
            WITH due AS MATERIALIZED (\(due("state = 'sending'"))), lost AS (
                UPDATE relais.outbox
                SET state = 'unknown', due_at = statement_timestamp(),
                    lease_until = statement_timestamp() + make_interval(secs => $1)
                WHERE message = ANY (ARRAY (SELECT message FROM due))
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

    /// What may not go again.
    static let park = Statement(
        """
        WITH due AS MATERIALIZED (\(due("state = 'unknown' AND NOT \(mayGoAgain)"))), parked AS (
            UPDATE relais.outbox SET state = 'parked', lease_until = 'infinity'
            WHERE message = ANY (ARRAY (SELECT message FROM due))
            RETURNING message
        )
        UPDATE relais.message SET status = greatest(status, 'parked')
        FROM parked WHERE message.id = parked.message
        """
    )

    /// What may go again, goes once more. Its campaigns are held first: one that somebody stops at
    /// this moment sends nothing, and its messages are parked at the next run.
    static let resend = Statement(
        """
        WITH due AS MATERIALIZED (
            SELECT message, lane FROM relais.outbox
            WHERE workspace = (SELECT relais.current_workspace())
                AND lease_until <= statement_timestamp() AND state = 'unknown' AND \(mayGoAgain)
            ORDER BY lease_until LIMIT \(SettledMessages.limit)
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

    /// A message goes out once more if its campaign asks for that, and not a second time.
    private static let mayGoAgain = """
        (NOT was_unknown AND EXISTS (
            SELECT FROM relais.campaign
            WHERE campaign.id = outbox.lane AND unknown_policy = 'retry_once'
                AND status IN ('running', 'paused')
        ))
        """

    /// The workspace's messages whose time is over, the longest first.
    private static func due(_ condition: String) -> String {
        """
        SELECT message FROM relais.outbox
        WHERE workspace = (SELECT relais.current_workspace())
            AND lease_until <= statement_timestamp() AND \(condition)
        ORDER BY lease_until LIMIT \(SettledMessages.limit) FOR UPDATE SKIP LOCKED
        """
    }
}

extension Reason {
    fileprivate static let senderLost = Reason(
        french: "L'envoi a été interrompu : le message est peut-être parti. Un accusé de réception "
            + "le dira ; ne le renvoyez pas avant.",
        english: "Sending was interrupted: the message may have gone out. A receipt will tell; do "
            + "not send it again before."
    )
}
