internal import Database
internal import FunctionContract

enum CounterSQL {
    /// On conflict, SET reads the row as it is once its lock is held: no two takers get the same.
    static func take(_ count: Int, _ counter: DailyCounter) -> Statement {
        Statement(
            """
            INSERT INTO relais.counter AS counter (key, workspace, timezone, cap, day, used,
                granted)
            VALUES ($1, $2, $3, $4, (clock_timestamp() AT TIME ZONE $3)::date,
                least($5, $4), least($5, $4))
            ON CONFLICT (workspace, key, day) DO UPDATE
            SET cap = excluded.cap, timezone = excluded.timezone,
                used = counter.used + greatest(0, least($5, excluded.cap - counter.used)),
                granted = greatest(0, least($5, excluded.cap - counter.used))
            RETURNING granted, day::text AS day, used, cap
            """,
            counter.parameters + [.int(count)]
        )
    }

    static func record(_ count: Int, _ counter: DailyCounter) -> Statement {
        Statement(
            """
            INSERT INTO relais.counter AS counter (key, workspace, timezone, cap, day, used,
                granted)
            VALUES ($1, $2, $3, $4, (clock_timestamp() AT TIME ZONE $3)::date, $5, $5)
            ON CONFLICT (workspace, key, day) DO UPDATE
            SET cap = excluded.cap, timezone = excluded.timezone,
                used = counter.used + excluded.used, granted = excluded.used
            RETURNING used, cap
            """,
            counter.parameters + [.int(count)]
        )
    }

    static func giveBack(_ count: Int, _ day: String, _ counter: DailyCounter) -> Statement {
        Statement(
            """
            UPDATE relais.counter SET used = greatest(0, used - $3)
            WHERE workspace = $4 AND key = $1 AND day = $2::date
            """,
            .text(counter.key),
            .inferred(day),
            .int(count),
            .uuid(counter.owner)
        )
    }

    static func usage(of counter: DailyCounter) -> Statement {
        Statement(
            """
            SELECT used, $3 AS cap FROM relais.counter
            WHERE workspace = $4 AND key = $1
                AND day = (clock_timestamp() AT TIME ZONE $2)::date
            """,
            .text(counter.key),
            .text(counter.timezone),
            .int(counter.cap),
            .uuid(counter.owner)
        )
    }

    /// The time zones of which a day may be over. No time zone is asked for its clock here: one
    /// that the server does not know would stop all others.
    static let timezones = Statement(
        """
        WITH RECURSIVE place (timezone) AS (
            (SELECT timezone FROM relais.counter ORDER BY timezone LIMIT 1)
            UNION ALL
            SELECT (
                SELECT timezone FROM relais.counter
                WHERE counter.timezone > place.timezone ORDER BY timezone LIMIT 1)
            FROM place WHERE place.timezone IS NOT NULL
        )
        SELECT place.timezone
        FROM place
        CROSS JOIN LATERAL (
            SELECT FROM relais.counter
            WHERE counter.timezone = place.timezone
                AND day < (clock_timestamp() AT TIME ZONE 'UTC' + interval '14 hours')::date
            ORDER BY day LIMIT 1
        ) AS first
        ORDER BY place.timezone
        """
    )

    /// The days of a time zone that are over, the oldest first.
    static func over(in timezone: String, limit: Int) -> Statement {
        Statement(over, .text(timezone), .int(limit))
    }

    /// A row is moved once, because DELETE takes it. Whoever took just before midnight and commits
    /// after the close makes the day's row anew; it is added when the next close moves it.
    static func close(in timezone: String, limit: Int) -> Statement {
        Statement("WITH due AS MATERIALIZED (\(over)), \(move)", .text(timezone), .int(limit))
    }

    static func close(_ key: String, _ day: String, of workspace: UUID?) -> Statement {
        Statement(
            """
            WITH due AS MATERIALIZED (
                SELECT ctid AS place FROM relais.counter
                WHERE key = $1 AND day = $2::date AND workspace IS NOT DISTINCT FROM $3
            ), \(move)
            """,
            .text(key),
            .inferred(day),
            .uuid(workspace)
        )
    }

    private static let over = """
        SELECT ctid AS place, workspace, key, day::text AS name FROM relais.counter
        WHERE timezone = $1 AND day < (clock_timestamp() AT TIME ZONE $1)::date
        ORDER BY day LIMIT $2 FOR UPDATE SKIP LOCKED
        """

    private static let move = """
        over AS (
            DELETE FROM relais.counter WHERE ctid = ANY (ARRAY (SELECT place FROM due))
            RETURNING key, day, workspace, used, cap
        )
        INSERT INTO relais.counter_history AS history (key, day, workspace, used, cap)
        SELECT key, day, workspace, used, cap FROM over ORDER BY workspace, key, day
        ON CONFLICT ON CONSTRAINT counter_history_pkey
        DO UPDATE SET used = history.used + excluded.used
        """
}

extension DailyCounter {
    fileprivate var owner: UUID { workspace ?? PlatformScope.owner }

    fileprivate var parameters: [Parameter] {
        [.text(key), .uuid(owner), .text(timezone), .int(cap)]
    }
}
