internal import Database
internal import FunctionContract

/// The statements for operators.
extension TaskSQL {
    /// The names of all queues. It takes one index step per queue, whatever the length of the
    /// queue.
    static let queues = Statement(
        """
        WITH RECURSIVE live AS (
            (SELECT queue FROM relais.task ORDER BY queue LIMIT 1)
            UNION ALL
            SELECT (SELECT queue FROM relais.task WHERE queue > live.queue ORDER BY queue LIMIT 1)
            FROM live WHERE live.queue IS NOT NULL
        ), dead AS (
            (SELECT queue FROM relais.task_dead ORDER BY queue LIMIT 1)
            UNION ALL
            SELECT (SELECT queue FROM relais.task_dead WHERE queue > dead.queue
                ORDER BY queue LIMIT 1)
            FROM dead WHERE dead.queue IS NOT NULL
        )
        SELECT queue FROM live WHERE queue IS NOT NULL
        UNION SELECT queue FROM dead WHERE queue IS NOT NULL
        ORDER BY queue
        """
    )

    static func statistics(of queues: [String], upTo limit: Int) -> Statement {
        Statement(
            """
            SELECT name AS queue, ready, leased, waiting, next_at, dead, failing, failure,
                greatest(ready + leased, waiting) >= $2 AS is_capped,
                extract(epoch FROM statement_timestamp() - oldest)::float8 AS oldest_age
            FROM unnest($1) AS name
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE NOT is_leased) AS ready,
                    count(*) FILTER (WHERE is_leased) AS leased,
                    min(run_at) FILTER (WHERE NOT is_leased) AS oldest
                FROM (
                    SELECT run_at,
                        coalesce(lease_until > statement_timestamp(), false) AS is_leased
                    FROM unnest($3) AS level
                    CROSS JOIN LATERAL (
                        SELECT run_at, lease_until FROM relais.task
                        WHERE queue = name AND priority = level
                            AND run_at <= statement_timestamp()
                        ORDER BY run_at LIMIT $2
                    ) AS first
                    LIMIT $2
                ) AS due
            ) AS due
            CROSS JOIN LATERAL (
                SELECT min(run_at) AS next_at, least(count(*), $2) AS waiting
                FROM unnest($3) AS level
                CROSS JOIN LATERAL (
                    SELECT run_at FROM relais.task
                    WHERE queue = name AND priority = level AND run_at > statement_timestamp()
                    ORDER BY run_at LIMIT $2
                ) AS first
            ) AS later
            CROSS JOIN LATERAL (
                SELECT count(*) AS dead
                FROM (
                    SELECT FROM relais.task_dead WHERE queue = name
                    ORDER BY died_at DESC, id LIMIT $2
                ) AS letter
            ) AS letters
            CROSS JOIN LATERAL (
                SELECT count(*) AS failing, max(last_error) AS failure
                FROM (
                    SELECT last_error FROM relais.task
                    WHERE queue = name AND last_error IS NOT NULL AND attempts >= $4 LIMIT $2
                ) AS task
            ) AS failures
            ORDER BY name
            """,
            .texts(queues),
            .int(limit),
            .int32s(NewTask.Priority.allCases.map(\.rawValue)),
            .int(QueueStatistics.failureLimit)
        )
    }

    /// The tasks that workers hold, by queue; within a queue the lease that ends first comes first.
    static func held(limit: Int) -> Statement {
        Statement(
            """
            SELECT id, queue, kind, workspace, worker, attempts, lease_until
            FROM relais.task WHERE lease_until > statement_timestamp()
            ORDER BY queue, lease_until, id LIMIT $1
            """,
            .int(limit)
        )
    }

    /// Expired tasks that no worker holds, the longest expired first.
    static func expired(limit: Int) -> Statement { Statement(expired, .int(limit)) }

    static func expire(limit: Int) -> Statement {
        Statement("WITH late AS MATERIALIZED (\(expired)), \(expiry)", .int(limit))
    }

    static func expire(_ task: UUID) -> Statement {
        Statement("WITH late AS MATERIALIZED (SELECT $1 AS id), \(expiry)", .uuid(task))
    }

    private static let expired = """
        SELECT id FROM relais.task
        WHERE expires_at <= statement_timestamp()
            AND (lease_until IS NULL OR lease_until <= statement_timestamp())
        ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
        """

    private static let expiry = """
        removed AS (
            DELETE FROM relais.task
            WHERE id = ANY (ARRAY (SELECT id FROM late))
                AND expires_at <= statement_timestamp()
                AND (lease_until IS NULL OR lease_until <= statement_timestamp())
            RETURNING *, 'expired' AS reason, last_error AS error
        ), \(burial)
        SELECT id FROM removed
        """

    static let addUp = Statement(
        """
        WITH taken AS (
            DELETE FROM relais.task_tally RETURNING *
        )
        INSERT INTO relais.task_total AS total (queue, hour, done, retried, dead)
        SELECT queue, hour, sum(done), sum(retried), sum(dead) FROM taken
        GROUP BY queue, hour ORDER BY queue, hour
        ON CONFLICT (queue, hour) DO UPDATE
        SET done = total.done + excluded.done, retried = total.retried + excluded.retried,
            dead = total.dead + excluded.dead
        """
    )

    static func totals(since: Timestamp) -> Statement {
        Statement(
            """
            SELECT queue, hour, sum(done)::bigint AS done, sum(retried)::bigint AS retried,
                sum(dead)::bigint AS dead
            FROM (
                SELECT queue, hour, done, retried, dead FROM relais.task_total WHERE hour >= $1
                UNION ALL
                SELECT queue, hour, done, retried, dead FROM relais.task_tally WHERE hour >= $1
            ) AS every
            GROUP BY queue, hour ORDER BY queue, hour
            """,
            .timestamp(since)
        )
    }
}

// MARK: Dead letters

extension TaskSQL {
    static func dead(_ queue: String?, _ before: DeadTask?, _ limit: Int) -> Statement {
        Statement(
            """
            SELECT * FROM relais.task_dead
            WHERE ($1 IS NULL OR queue = $1)
                AND ($2 IS NULL OR (died_at, id) < ($2, $3))
            ORDER BY died_at DESC, id DESC LIMIT $4
            """,
            .text(queue),
            .timestamp(before?.diedAt),
            .uuid(before?.id),
            .int(limit)
        )
    }

    static func dead(_ id: UUID) -> Statement {
        Statement("SELECT * FROM relais.task_dead WHERE id = $1", .uuid(id))
    }

    static func retryDead(_ ids: [UUID]) -> Statement {
        Statement(
            """
            WITH revived AS (
                INSERT INTO relais.task (id, queue, priority, run_at, workspace, kind, payload,
                    max_attempts, lease_token, dedupe_key, last_error, created_at)
                SELECT id, queue, priority, statement_timestamp(), workspace, kind, payload,
                    max_attempts, lease_token, dedupe_key, last_error, created_at
                FROM relais.task_dead WHERE id = ANY ($1)
                FOR UPDATE
                ON CONFLICT DO NOTHING
                RETURNING id
            )
            DELETE FROM relais.task_dead WHERE id = ANY (ARRAY (SELECT id FROM revived))
            """,
            .uuids(ids)
        )
    }

    static func dropDead(_ ids: [UUID]) -> Statement {
        Statement("DELETE FROM relais.task_dead WHERE id = ANY ($1)", .uuids(ids))
    }
}
