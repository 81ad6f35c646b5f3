internal import Database
internal import FunctionContract

enum QuotaSQL {
    /// Takes from the period that `relais.quota_standing` names, and opens it if nobody has.
    ///
    /// On conflict, SET reads the row once its lock is held: no two takers get the same.
    static func take(_ count: Int, _ workspace: UUID) -> Statement {
        Statement(
            """
            WITH place AS (
                SELECT id, monthly_message_quota AS quota, quota_renews_on::integer AS renews_on,
                    (clock_timestamp() AT TIME ZONE timezone)::date AS today
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

    /// DELETE moves a row once. The row stays for a month, in case the next period carries it over.
    /// What is taken in the last moment of a period, and committed after the move, makes the row
    /// anew; the next move adds it.
    static let renew = Statement(
        """
        WITH over AS (
            DELETE FROM relais.quota_period AS period USING relais.workspace
            WHERE workspace.id = period.workspace
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
    )
}
