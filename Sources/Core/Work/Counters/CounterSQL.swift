internal import Database
internal import FunctionContract

enum CounterSQL {
    /// On conflict, SET reads the row after locking it, so two takers never get the same units.
    static func take(_ count: Int, _ counter: DailyCounter) -> Statement {
        Statement(
            """
            INSERT INTO relais.counter AS counter (key, workspace, timezone, cap, day, used,
                granted)
            SELECT $1, $2, zone, $4, (clock_timestamp() AT TIME ZONE zone)::date,
                least($5, $4), least($5, $4)
            FROM relais.known_timezone($3) AS zone
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
            SELECT $1, $2, zone, $4, (clock_timestamp() AT TIME ZONE zone)::date, $5, $5
            FROM relais.known_timezone($3) AS zone
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
                AND day = (clock_timestamp() AT TIME ZONE relais.known_timezone($2))::date
            """,
            .text(counter.key),
            .text(counter.timezone),
            .int(counter.cap),
            .uuid(counter.owner)
        )
    }

    /// The time zones that may have a finished day. The query compares with UTC plus 14 hours and
    /// converts to no stored zone. A zone unknown to the server would otherwise stop all others.
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

    /// The finished days of a time zone, oldest first.
    static func over(in timezone: String, limit: Int) -> Statement {
        Statement(over, .text(timezone), .int(limit))
    }

    /// DELETE removes the row, so it moves only once. A transaction may take just before midnight
    /// and commit after the close. It then creates the day's row again, and the next close adds
    /// that row to the history.
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
