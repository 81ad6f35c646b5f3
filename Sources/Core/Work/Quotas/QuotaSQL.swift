internal import Database
internal import FunctionContract

enum QuotaSQL {
    /// Takes from the period that `relais.quota_standing` names, and opens that period if needed.
    ///
    /// On conflict, SET reads the row after locking it, so two takers never get the same units.
    static func take(_ count: Int, _ workspace: UUID) -> Statement {
        Statement(
            """
            WITH place AS (
                SELECT id, monthly_message_quota AS quota, quota_renews_on::integer AS renews_on,
                    (clock_timestamp() AT TIME ZONE relais.known_timezone(timezone))::date AS today
                FROM relais.workspace WHERE id = $1
            ), latest AS (
                SELECT starts_on, carried, used FROM relais.quota_period
                WHERE workspace = $1 ORDER BY starts_on DESC LIMIT 1 FOR UPDATE
            ), opening AS (
                SELECT id, quota, standing.starts_on, standing.carried
                FROM place
                LEFT JOIN latest ON true
                CROSS JOIN LATERAL relais.quota_standing(
                    today, renews_on, latest.starts_on, latest.carried, latest.used) AS standing
            )
            INSERT INTO relais.quota_period AS period
                (workspace, starts_on, quota, carried, used, granted)
            SELECT id, starts_on, quota, carried, part, part
            FROM opening,
                LATERAL (SELECT greatest(0, least($2, coalesce(quota - carried, $2)))) AS cut (part)
            ON CONFLICT (workspace, starts_on) DO UPDATE
            SET quota = excluded.quota,
                used = period.used + \(Self.part), granted = \(Self.part)
            RETURNING granted, starts_on::text AS starts_on, used + carried AS used, quota
            """,
            .uuid(workspace),
            .int(count)
        )
    }

    private static let part =
        "greatest(0, least($2, coalesce(excluded.quota - period.carried - period.used, $2)))"

    static func giveBack(_ count: Int, _ startsOn: String, _ workspace: UUID) -> Statement {
        Statement(
            """
            UPDATE relais.quota_period SET used = greatest(0, used - $3)
            WHERE workspace = $1 AND starts_on = $2::date
            """,
            .uuid(workspace),
            .inferred(startsOn),
            .int(count)
        )
    }

    /// Periods that may be over: a month has at least 28 days, and no time zone is more than a day
    /// ahead of UTC. The query does not use the workspace's time zone, so an unknown zone cannot
    /// fail it.
    static func candidates(limit: Int) -> Statement {
        Statement("SELECT workspace, starts_on::text AS name \(candidates)", .int(limit))
    }

    /// DELETE removes the row, so it moves only once. The row stays until a month after its start,
    /// because the next period may have to carry its usage. A transaction may take at the end of a
    /// period and commit after the move. It then creates the row again, and the next move adds that
    /// row to the history.
    static func renew(limit: Int) -> Statement {
        Statement("WITH due AS MATERIALIZED (SELECT workspace \(candidates)), \(move)", .int(limit))
    }

    static func renew(_ workspace: UUID) -> Statement {
        Statement(
            "WITH due AS MATERIALIZED (SELECT $1 AS workspace), \(move)",
            .uuid(workspace)
        )
    }

    private static let candidates = """
        FROM relais.quota_period
        WHERE starts_on <= (clock_timestamp() AT TIME ZONE 'UTC')::date - 27
        ORDER BY starts_on LIMIT $1
        """

    private static let move = """
        over AS (
            DELETE FROM relais.quota_period AS period USING relais.workspace
            WHERE period.workspace = ANY (ARRAY (SELECT workspace FROM due))
                AND workspace.id = period.workspace
                AND period.starts_on < relais.period_start(
                    (clock_timestamp() AT TIME ZONE workspace.timezone)::date,
                    workspace.quota_renews_on)
                AND period.starts_on + interval '1 month'
                    <= (clock_timestamp() AT TIME ZONE workspace.timezone)::date
            RETURNING period.workspace, period.starts_on, period.used, period.quota
        )
        INSERT INTO relais.quota_history AS history (workspace, starts_on, used, quota)
        SELECT workspace, starts_on, used, quota FROM over ORDER BY workspace, starts_on
        ON CONFLICT (workspace, starts_on) DO UPDATE SET used = history.used + excluded.used
        """
}
