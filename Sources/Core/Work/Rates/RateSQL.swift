internal import Database
internal import FunctionContract

enum RateSQL {
    static func set(_ key: String, _ limit: RateLimit, _ workspace: UUID?) -> Statement {
        Statement(
            """
            INSERT INTO relais.rate_bucket (key, workspace, interval_us, burst)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (key) DO UPDATE
            SET interval_us = excluded.interval_us, burst = excluded.burst
            """,
            .text(key),
            .uuid(workspace),
            .int(limit.interval.microseconds),
            .int(limit.burst)
        )
    }

    /// One UPDATE of one row, in a function that keeps its plan.
    static func take(_ count: Int, _ key: String, _ horizon: Duration) -> Statement {
        Statement(
            """
            SELECT granted, first_at, seen_at, interval_us, theoretical_arrival
            FROM relais.take_tokens($1, $2, $3)
            """,
            .int(count),
            .text(key),
            .int(horizon.microseconds)
        )
    }

    static func giveBack(_ count: Int, _ grant: RateGrant, _ key: String) -> Statement {
        Statement(
            """
            UPDATE relais.rate_bucket
            SET theoretical_arrival = theoretical_arrival - $1 * interval_us
            WHERE key = $2 AND theoretical_arrival = $3 AND interval_us = $4
            """,
            .int(count),
            .text(key),
            .int(grant.arrival),
            .int(grant.interval.microseconds)
        )
    }

    /// By the server's clock: those of the takers differ.
    static func hold(_ key: String, _ pause: Duration) -> Statement {
        Statement(
            """
            UPDATE relais.rate_bucket
            SET theoretical_arrival = greatest(theoretical_arrival,
                (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + $2
                    + (burst - 1) * interval_us)
            WHERE key = $1
            """,
            .text(key),
            .int(pause.microseconds)
        )
    }
}
