internal import Database
internal import FunctionContract

/// The statements to enqueue, claim, hold and release tasks. `TaskSQL+Finish` holds those that end
/// a task, and `TaskSQL+Operation` those for operators.
enum TaskSQL {
    /// One statement for any number of tasks. It inserts in the order of the keys, so that two
    /// concurrent batches cannot deadlock.
    static func enqueue(_ tasks: [NewTask], _ whenPresent: NewTask.WhenPresent) -> Statement {
        let tasks = whenPresent == .replace ? tasks.withoutEarlierDuplicates : tasks
        return Statement(
            """
            INSERT INTO relais.task (id, queue, kind, payload, workspace, priority, run_at,
                max_attempts, expires_at, dedupe_key)
            SELECT id, queue, kind, payload, workspace, priority,
                coalesce(run_at, statement_timestamp()), max_attempts, expires_at, dedupe_key
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) WITH ORDINALITY AS new (id, queue,
                kind, payload, workspace, priority, run_at, max_attempts, expires_at, dedupe_key,
                place)
            ORDER BY dedupe_key, queue, workspace, place
            \(conflict(whenPresent))
            """,
            .uuids(tasks.map(\.id)),
            .texts(tasks.map(\.queue)),
            .texts(tasks.map(\.kind)),
            .jsons(tasks.map(\.payload)),
            .uuids(tasks.map(\.workspace)),
            .int32s(tasks.map(\.priority.rawValue)),
            .timestamps(tasks.map(\.runAt)),
            .ints(tasks.map(\.maxAttempts)),
            .timestamps(tasks.map(\.expiresAt)),
            .texts(tasks.map(\.dedupeKey))
        )
    }

    private static func conflict(_ whenPresent: NewTask.WhenPresent) -> String {
        switch whenPresent {
        case .keep: "ON CONFLICT DO NOTHING"
        case .replace:
            """
            ON CONFLICT (workspace, queue, dedupe_key) WHERE dedupe_key IS NOT NULL DO UPDATE
            SET kind = excluded.kind, payload = excluded.payload, priority = excluded.priority,
                run_at = excluded.run_at, expires_at = excluded.expires_at,
                max_attempts = excluded.max_attempts, again = task.lease_until IS NOT NULL,
                attempts = CASE WHEN task.lease_until IS NULL THEN 0 ELSE task.attempts END
            """
        }
    }

    /// Moves the rows of the CTE `removed`, with reason and error, to the dead letters. A task may
    /// have been enqueued again under the id of a dead letter. When it dies too, it replaces that
    /// dead letter.
    static let burial = """
        buried AS (
            INSERT INTO relais.task_dead (id, queue, priority, workspace, kind, payload, attempts,
                max_attempts, lease_token, dedupe_key, reason, last_error, created_at)
            SELECT id, queue, priority, workspace, kind, payload, attempts, max_attempts,
                lease_token, dedupe_key, reason, error, created_at
            FROM removed
            ON CONFLICT (id) DO UPDATE
            SET queue = excluded.queue, priority = excluded.priority,
                workspace = excluded.workspace, kind = excluded.kind,
                payload = excluded.payload, attempts = excluded.attempts,
                max_attempts = excluded.max_attempts,
                lease_token = greatest(task_dead.lease_token, excluded.lease_token),
                dedupe_key = excluded.dedupe_key, reason = excluded.reason,
                last_error = excluded.last_error, created_at = excluded.created_at,
                died_at = clock_timestamp()
        ), tally AS (
            INSERT INTO relais.task_tally (queue, hour, done, retried, dead)
            SELECT queue, date_trunc('hour', statement_timestamp(), 'UTC'), 0, 0, count(*)
            FROM removed GROUP BY queue
        )
        """

    /// An expired lease can still be extended while no other worker has claimed the task.
    static func extend(_ leases: [ClaimedTask.Lease], by lease: Duration) -> Statement {
        Statement(
            """
            UPDATE relais.task
            SET lease_until = statement_timestamp() + make_interval(secs => $3)
            WHERE \(isHeld)
            RETURNING id
            """,
            .uuids(leases.map(\.id)),
            .ints(leases.map(\.token)),
            .double(lease.seconds)
        )
    }

    static func release(_ leases: [ClaimedTask.Lease]) -> Statement {
        Statement(
            """
            UPDATE relais.task
            SET lease_until = NULL, worker = NULL, attempts = attempts - 1, again = false
            WHERE \(isHeld)
            """,
            .uuids(leases.map(\.id)),
            .ints(leases.map(\.token))
        )
    }

    /// The caller still holds the task: `$1` are ids and `$2` are tokens.
    ///
    /// This is not a join. The planner relies on the statistics of the last vacuum, which often saw
    /// an empty table. It would then compare every task with every lease. Inside `coalesce` the
    /// condition stays a hash lookup.
    static let isHeld = """
        task.id = ANY ($1) AND lease_until IS NOT NULL
            AND coalesce((task.id, lease_token) IN (SELECT * FROM unnest($1, $2)), false)
        """
}

extension [NewTask] {
    /// One statement cannot update a row twice. Of several tasks with the same key, only the last
    /// is kept.
    fileprivate var withoutEarlierDuplicates: [NewTask] {
        var seen: Set<[String?]> = []
        let kept = reversed().filter { task in
            task.dedupeKey.map {
                seen.insert([task.workspace?.description, task.queue, $0]).inserted
            } ?? true
        }
        return kept.reversed()
    }
}
