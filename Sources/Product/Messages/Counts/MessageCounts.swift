package import Database
package import FunctionContract
package import Work

/// The counts of messages, which triggers maintain (migration 0024). Statistics never read the
/// message table.
///
/// Changes of the last minute are rows of `message_move`; earlier ones are in the totals. One
/// statement reads both, so each change counts exactly once.
package struct MessageCounts {
    /// The number of moves that one transaction folds. The transaction locks the totals that they
    /// change.
    private static let foldLimit = 10_000

    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Folds moves into the totals, until none is left or the time is over. Returns their number,
    /// and the workspaces whose moves cannot be folded, with the error.
    @discardableResult
    package func fold(until end: ContinuousClock.Instant) throws(DatabaseError) -> Sweep {
        var sweep = Sweep()
        var failed: Set<UUID> = []
        while ContinuousClock.now < end {
            let rows = try connection.platform(
                Statement(
                    """
                    SELECT folded, workspace, error FROM relais.fold_message_moves($1)
                    """,
                    .int32(Int32(Self.foldLimit))
                )
            )[0]
            var folded = 0
            for row in rows {
                folded += try row.get("folded", as: Int.self)
                guard let error: String = try row.get("error"),
                    let workspace: UUID = try row.get("workspace"),
                    failed.insert(workspace).inserted
                else { continue }
                sweep.problems.append("the message counts of workspace \(workspace): \(error)")
            }
            sweep.count += folded
            if folded < Self.foldLimit { break }
        }
        return sweep
    }

    /// The number of messages by campaign, step and status: `campaign, step, status, count`.
    package static func byStatus(of campaigns: [UUID]) -> Statement {
        Statement(
            """
            SELECT campaign, step::integer AS step, status::text AS status,
                sum(messages)::bigint AS count
            FROM (
                SELECT campaign, step, status, messages FROM relais.campaign_count
                WHERE workspace = (SELECT relais.current_workspace()) AND campaign = ANY ($1)
                UNION ALL
                SELECT campaign, step, became, messages FROM relais.message_move
                WHERE workspace = (SELECT relais.current_workspace()) AND campaign = ANY ($1)
                    AND became IS NOT NULL
                UNION ALL
                SELECT campaign, step, was, -messages FROM relais.message_move
                WHERE workspace = (SELECT relais.current_workspace()) AND campaign = ANY ($1)
                    AND was IS NOT NULL
            ) AS counted
            GROUP BY campaign, step, status HAVING sum(messages) > 0
            """,
            .uuids(campaigns)
        )
    }

    /// The number of contacts who answered each campaign: `campaign, count`.
    package static func answers(to campaigns: [UUID]) -> Statement {
        Statement(
            """
            SELECT campaign, sum(contacts)::bigint AS count
            FROM (
                SELECT campaign, contacts FROM relais.campaign_answer
                WHERE workspace = (SELECT relais.current_workspace()) AND campaign = ANY ($1)
                UNION ALL
                SELECT campaign, answers FROM relais.message_move
                WHERE workspace = (SELECT relais.current_workspace()) AND campaign = ANY ($1)
                    AND answers > 0
            ) AS counted
            GROUP BY campaign
            """,
            .uuids(campaigns)
        )
    }

    /// The most frequent reasons for which messages of a campaign failed: `reason, count`.
    package static func failures(of campaign: UUID, limit: Int) -> Statement {
        Statement(
            """
            SELECT min(reason::text)::jsonb AS reason, sum(messages)::bigint AS count
            FROM (
                SELECT code, french, reason, messages FROM relais.campaign_failure
                WHERE workspace = (SELECT relais.current_workspace()) AND campaign = $1
                UNION ALL
                SELECT reason ->> 'code', reason ->> 'fr', reason, messages
                FROM relais.message_move
                WHERE workspace = (SELECT relais.current_workspace()) AND campaign = $1
                    AND became = 'failed'
                UNION ALL
                SELECT was_reason ->> 'code', was_reason ->> 'fr', was_reason, -messages
                FROM relais.message_move
                WHERE workspace = (SELECT relais.current_workspace()) AND campaign = $1
                    AND was = 'failed'
            ) AS counted
            GROUP BY code, french HAVING sum(messages) > 0
            ORDER BY count DESC, code, french LIMIT $2
            """,
            .uuid(campaign),
            .int(limit)
        )
    }
}
