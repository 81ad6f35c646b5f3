package import Database
package import FunctionContract
internal import Providers

/// Settles messages whose lease or grace period has ended without a result.
package struct SettledMessages: Sendable, Equatable {
    /// Messages whose sender died: their lease ended without a result.
    package var unknown: Int
    /// Messages whose grace period is over and about which a person decides.
    package var parked: Int
    /// Messages whose grace period is over and which are sent once more.
    package var resent: Int
    /// There may be more to settle.
    package var hasMore = false

    /// Messages of each kind that one transaction settles. The limit bounds its duration.
    static let limit = 5_000

    package init(unknown: Int = 0, parked: Int = 0, resent: Int = 0) {
        self.unknown = unknown
        self.parked = parked
        self.resent = resent
    }

    /// Settles the due messages of a workspace, up to a limit. The transaction's identity is that
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
    /// Marks messages whose lease ended during an attempt as unknown: the sender died, and the
    /// message may have been sent.
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

    /// Parks messages that must not be sent again.
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

    /// Requeues messages that may be sent once more. It locks their campaigns first. If a campaign
    /// is stopped at this moment, its messages are not requeued; the next run parks them.
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

    /// A message is sent once more, and only once, if the policy of its campaign is `retry_once`
    /// and the campaign is not stopped.
    private static let mayGoAgain = """
        (NOT was_unknown AND EXISTS (
            SELECT FROM relais.campaign
            WHERE campaign.id = outbox.lane AND unknown_policy = 'retry_once'
                AND status IN ('running', 'paused')
        ))
        """

    /// The workspace's messages whose lease has ended, the oldest first.
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
