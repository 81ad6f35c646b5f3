internal import Database
internal import FunctionContract

/// The statements that fire each instant once. `InstantSQL` computes the instants.
enum ScheduleSQL {
    static func follow(_ schedules: [Schedule]) -> Statement {
        Statement(
            """
            INSERT INTO relais.schedule (name, followed_until)
            SELECT name, statement_timestamp() FROM unnest($1) AS name ORDER BY name
            ON CONFLICT DO NOTHING
            """,
            .texts(schedules.map(\.name))
        )
    }

    static func due(_ schedule: Schedule) -> Statement {
        let first = InstantSQL.firstFree
        return Statement(
            """
            SELECT $\(first) AS name, instant
            FROM relais.schedule
            CROSS JOIN LATERAL (
                SELECT greatest(followed_until, statement_timestamp() - make_interval(
                    secs => $\(first + 1))) AS start, statement_timestamp() AS stop
            ) AS span
            CROSS JOIN LATERAL (
                \(InstantSQL.instants(after: "start", through: "stop"))
                ORDER BY instant DESC LIMIT $\(first + 2)
            ) AS instant
            WHERE name = $\(first)
            """,
            InstantSQL.parameters(schedule.cron, schedule.timezone) + [
                .text(schedule.name), .double(schedule.catchUp.window.seconds),
                .int(schedule.catchUp.count),
            ]
        )
    }

    static func instants(
        _ cron: CronExpression,
        _ timezone: String,
        after start: Timestamp,
        through end: Timestamp,
        _ limit: Int
    ) -> Statement {
        let first = InstantSQL.firstFree
        return Statement(
            InstantSQL.instants(after: "$\(first)", through: "$\(first + 1)")
                + " ORDER BY instant LIMIT $\(first + 2)",
            InstantSQL.parameters(cron, timezone) + [
                .timestamp(start), .timestamp(end), .int(limit),
            ]
        )
    }

    /// A runner that starts another instant of this schedule waits for this row lock. It then sees
    /// the row of this instant.
    static func lock(_ name: String, upTo instant: Timestamp) -> Statement {
        Statement(
            """
            INSERT INTO relais.schedule AS schedule (name, followed_until) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE
            SET followed_until = greatest(schedule.followed_until, excluded.followed_until)
            """,
            .text(name),
            .timestamp(instant)
        )
    }

    static func start(_ instant: Timestamp, _ schedule: Schedule, _ runner: String) -> Statement {
        Statement(
            """
            INSERT INTO relais.schedule_instant (name, instant, runner, lease_until, state,
                finished_at)
            SELECT $1, $2, $3, clock_timestamp() + make_interval(secs => $4),
                CASE WHEN is_busy THEN 'skipped' ELSE 'running' END,
                CASE WHEN is_busy THEN clock_timestamp() END
            FROM (
                SELECT $5 AND EXISTS (
                    SELECT FROM relais.schedule_instant
                    WHERE name = $1 AND state = 'running' AND lease_until > clock_timestamp()
                ) AS is_busy
            ) AS other
            ON CONFLICT DO NOTHING
            RETURNING state
            """,
            .text(schedule.name),
            .timestamp(instant),
            .text(runner),
            .double(schedule.longestRun.seconds),
            .bool(schedule.overlap == .skip)
        )
    }

    static func finish(_ instant: ScheduledInstant, _ error: String?) -> Statement {
        Statement(
            """
            UPDATE relais.schedule_instant
            SET state = CASE WHEN $3 IS NULL THEN 'done' ELSE 'failed' END, error = $3,
                finished_at = clock_timestamp()
            WHERE name = $1 AND instant = $2 AND state = 'running'
            """,
            .text(instant.name),
            .timestamp(instant.instant),
            .text(error)
        )
    }

    static func history(_ name: String, _ limit: Int) -> Statement {
        Statement(
            """
            SELECT * FROM relais.schedule_instant WHERE name = $1
            ORDER BY instant DESC LIMIT $2
            """,
            .text(name),
            .int(limit)
        )
    }

    static let giveUp = Statement(
        """
        UPDATE relais.schedule_instant
        SET state = 'failed', error = 'the runner did not say how it ended',
            finished_at = clock_timestamp()
        WHERE state = 'running' AND lease_until <= statement_timestamp()
        """
    )
}
