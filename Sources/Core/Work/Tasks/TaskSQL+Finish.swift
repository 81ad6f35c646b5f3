internal import Database

/// The statements that end a task. Each changes only tasks that the caller still holds, and returns
/// their ids.
extension TaskSQL {
    static func done(_ leases: [ClaimedTask.Lease]) -> Statement {
        Statement(
            """
            WITH ended AS (
                DELETE FROM relais.task
                WHERE \(isHeld) AND NOT again
                RETURNING id, queue
            ), tally AS (
                INSERT INTO relais.task_tally (queue, hour, done, retried, dead)
                SELECT queue, date_trunc('hour', statement_timestamp(), 'UTC'), count(*), 0, 0
                FROM ended GROUP BY queue
            )
            SELECT id FROM ended
            """,
            .uuids(leases.map(\.id)),
            .ints(leases.map(\.token))
        )
    }

    /// Returns tasks with an attempt left to the queue.
    static func retry(_ failures: [Failure]) -> Statement {
        Statement(
            """
            WITH returned AS (
                UPDATE relais.task
                SET lease_until = NULL, worker = NULL, last_error = ($3)[array_position($1, id)],
                    run_at = statement_timestamp()
                        + make_interval(secs => ($4)[array_position($1, id)])
                WHERE \(isHeld) AND NOT again AND attempts < max_attempts
                RETURNING id, queue
            ), tally AS (
                INSERT INTO relais.task_tally (queue, hour, done, retried, dead)
                SELECT queue, date_trunc('hour', statement_timestamp(), 'UTC'), 0, count(*), 0
                FROM returned GROUP BY queue
            )
            SELECT id FROM returned
            """,
            failures.parameters + [.doubles(failures.map(\.pause.seconds))]
        )
    }

    /// Returns successful tasks to the queue. Attempts and errors start again.
    static func wait(_ waits: [Wait]) -> Statement {
        Statement(
            """
            WITH returned AS (
                UPDATE relais.task
                SET lease_until = NULL, worker = NULL, attempts = 0, last_error = NULL,
                    run_at = statement_timestamp()
                        + make_interval(secs => ($3)[array_position($1, id)])
                WHERE \(isHeld) AND NOT again
                RETURNING id, queue
            ), tally AS (
                INSERT INTO relais.task_tally (queue, hour, done, retried, dead)
                SELECT queue, date_trunc('hour', statement_timestamp(), 'UTC'), count(*), 0, 0
                FROM returned GROUP BY queue
            )
            SELECT id FROM returned
            """,
            .uuids(waits.map(\.lease.id)),
            .ints(waits.map(\.lease.token)),
            .doubles(waits.map(\.pause.seconds))
        )
    }

    struct Wait {
        let lease: ClaimedTask.Lease
        let pause: Duration
    }

    /// Moves tasks to the dead letters: with `exhausted` only those without an attempt left, with
    /// `refused` all.
    static func bury(_ failures: [Failure], _ reason: DeadTask.Reason) -> Statement {
        Statement(
            """
            WITH removed AS (
                DELETE FROM relais.task
                WHERE \(isHeld) AND NOT again AND ($4 <> 'exhausted' OR attempts >= max_attempts)
                RETURNING *, $4 AS reason, ($3)[array_position($1, id)] AS error
            ), \(burial)
            SELECT id FROM removed
            """,
            failures.parameters + [.text(reason.rawValue)]
        )
    }

    /// A task that was replaced during its attempt becomes ready again, whatever the outcome.
    static func runAgain(_ leases: [ClaimedTask.Lease]) -> Statement {
        Statement(
            """
            UPDATE relais.task
            SET lease_until = NULL, worker = NULL, attempts = 0, last_error = NULL, again = false
            WHERE \(isHeld) AND again
            RETURNING id
            """,
            .uuids(leases.map(\.id)),
            .ints(leases.map(\.token))
        )
    }

    struct Failure {
        let lease: ClaimedTask.Lease
        let error: String
        var pause = Duration.zero
    }
}

extension [TaskSQL.Failure] {
    fileprivate var parameters: [Parameter] {
        [
            .uuids(map(\.lease.id)), .ints(map(\.lease.token)), .texts(map(\.error)),
        ]
    }
}
