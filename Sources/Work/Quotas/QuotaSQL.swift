internal import Database

enum QuotaSQL {
    /// On conflict, SET reads the row as it is once its lock is held: no two takers get the same.
    static func take(_ count: Int, _ workspace: UUID) -> Statement {
        Statement(
            """
            INSERT INTO relais.quota_period AS period (workspace, starts_on, quota, used, granted)
            SELECT id, relais.period_start(
                    (clock_timestamp() AT TIME ZONE timezone)::date, quota_renews_on),
                monthly_message_quota, least($2, coalesce(monthly_message_quota, $2)),
                least($2, coalesce(monthly_message_quota, $2))
            FROM relais.workspace WHERE id = $1
            ON CONFLICT (workspace, starts_on) DO UPDATE
            SET quota = excluded.quota,
                used = period.used
                    + greatest(0, least($2, coalesce(excluded.quota - period.used, $2))),
                granted = greatest(0, least($2, coalesce(excluded.quota - period.used, $2)))
            RETURNING granted, starts_on::text AS starts_on, used, quota
            """,
            .uuid(workspace),
            .int(count)
        )
    }

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

    /// A row is moved once, because DELETE takes it. What is taken in the last moment of a period
    /// and committed after the move makes the row anew; the next move adds it.
    static let renew = Statement(
        """
        WITH over AS (
            DELETE FROM relais.quota_period AS period USING relais.workspace
            WHERE workspace.id = period.workspace
                AND period.starts_on < relais.period_start(
                    (clock_timestamp() AT TIME ZONE workspace.timezone)::date,
                    workspace.quota_renews_on)
            RETURNING period.workspace, period.starts_on, period.used, period.quota
        )
        INSERT INTO relais.quota_history AS history (workspace, starts_on, used, quota)
        SELECT workspace, starts_on, used, quota FROM over ORDER BY workspace, starts_on
        ON CONFLICT (workspace, starts_on) DO UPDATE SET used = history.used + excluded.used
        """
    )
}
