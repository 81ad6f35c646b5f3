internal import Database
internal import FunctionContract

enum RateSQL {
    static func set(_ key: RateKey, _ limit: RateLimit) -> Statement {
        Statement(
            """
            INSERT INTO relais.rate_bucket (workspace, key, interval_us, burst)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (workspace, key) DO UPDATE
            SET interval_us = excluded.interval_us, burst = excluded.burst
            """,
            .uuid(key.owner),
            .text(key.name),
            .int(limit.interval.microseconds),
            .int(limit.burst)
        )
    }

    /// One UPDATE of one row, in a database function that caches its plan.
    static func take(_ count: Int, _ key: RateKey, _ horizon: Duration) -> Statement {
        Statement(
            """
            SELECT granted, first_at, seen_at, interval_us, theoretical_arrival
            FROM relais.take_tokens($1, $2, $3, $4)
            """,
            .int(count),
            .uuid(key.owner),
            .text(key.name),
            .int(horizon.microseconds)
        )
    }

    static func giveBack(_ count: Int, _ grant: RateGrant, _ key: RateKey) -> Statement {
        Statement(
            """
            UPDATE relais.rate_bucket
            SET theoretical_arrival = theoretical_arrival - $1 * interval_us
            WHERE workspace = $2 AND key = $3 AND theoretical_arrival = $4 AND interval_us = $5
            """,
            .int(count),
            .uuid(key.owner),
            .text(key.name),
            .int(grant.arrival),
            .int(grant.interval.microseconds)
        )
    }

    /// Uses the server's clock, because the clocks of the processes differ.
    static func hold(_ key: RateKey, _ pause: Duration) -> Statement {
        Statement(
            """
            UPDATE relais.rate_bucket
            SET theoretical_arrival = greatest(theoretical_arrival,
                (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + $3
                    + (burst - 1) * interval_us)
            WHERE workspace = $1 AND key = $2
            """,
            .uuid(key.owner),
            .text(key.name),
            .int(pause.microseconds)
        )
    }
}
