internal import Database

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

    /// GCRA. A token's arrival is one interval after the one before it, and never before now; it
    /// may be used earlier than that by the tolerance, which is what the burst is worth.
    ///
    /// All that SET reads is the row itself and the clock: who waited for the row's lock computes
    /// anew with the row as it is then, at the time that it is then. A CTE that read the row first
    /// would not, and would grant the same tokens twice. The clock is read once, in a subquery that
    /// is not flattened because it is volatile.
    static func take(_ count: Int, _ key: String, _ horizon: Duration) -> Statement {
        Statement(
            """
            UPDATE relais.rate_bucket AS bucket
            SET (theoretical_arrival, granted, first_at, seen_at) = (
                SELECT base + count * interval_us, count, base - tolerance, now
                FROM (
                    SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now
                ) AS clock
                CROSS JOIN LATERAL (
                    SELECT greatest(now, bucket.theoretical_arrival) AS base,
                        (bucket.burst - 1) * bucket.interval_us AS tolerance
                ) AS state
                CROSS JOIN LATERAL (
                    SELECT now + $3 + tolerance - base AS room
                ) AS space
                CROSS JOIN LATERAL (
                    SELECT CASE WHEN room < 0 THEN 0
                        ELSE least($1, room / bucket.interval_us + 1) END AS count
                ) AS share
            )
            WHERE key = $2
            RETURNING granted, first_at, seen_at, interval_us, theoretical_arrival
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

    static func hold(_ key: String, _ instant: Timestamp) -> Statement {
        Statement(
            """
            UPDATE relais.rate_bucket
            SET theoretical_arrival = greatest(theoretical_arrival, $2 + (burst - 1) * interval_us)
            WHERE key = $1
            """,
            .text(key),
            .int(Int(instant.microseconds))
        )
    }
}
