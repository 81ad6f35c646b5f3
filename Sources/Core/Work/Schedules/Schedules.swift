package import Database
package import FunctionContract

/// Schedules shared by any number of runners: each instant fires once.
package struct Schedules {
    /// What a runner must do with an instant.
    package enum Start: Sendable, Equatable {
        case run
        /// An earlier instant still runs.
        case skip
        /// Another runner has it.
        case taken
    }

    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// The due instants that no runner has started, oldest first. A new schedule begins now.
    package func due(_ schedules: [Schedule]) throws(DatabaseError) -> [ScheduledInstant] {
        let statements = [ScheduleSQL.follow(schedules)] + schedules.map(ScheduleSQL.due)
        let results = try connection.pipeline([PlatformScope.statement] + statements)
        var due: [ScheduledInstant] = []
        for rows in results.dropFirst(2) {
            for row in rows { due.append(try ScheduledInstant(row)) }
        }
        return due.sorted { $0.instant < $1.instant }
    }

    /// The first instants after `start` up to and including `end`, at most `limit`. Changes
    /// nothing.
    package func instants(
        of cron: CronExpression,
        in timezone: String,
        after start: Timestamp,
        through end: Timestamp,
        limit: Int
    ) throws(DatabaseError) -> [Timestamp] {
        let statement = ScheduleSQL.instants(cron, timezone, after: start, through: end, limit)
        return try connection.query(statement).column("instant")
    }

    /// Decides what happens with the instant. Only one runner gets to run or skip it.
    package func start(
        _ instant: Timestamp,
        of schedule: Schedule,
        runner: String
    ) throws(DatabaseError) -> Start {
        let rows = try connection.platform(
            ScheduleSQL.lock(schedule.name, upTo: instant),
            ScheduleSQL.start(instant, schedule, runner)
        )[1]
        guard let row = rows.first else { return .taken }
        return try row.get("state", as: String.self) == "running" ? .run : .skip
    }

    /// Records the result of an instant; a nil error means success. An instant that has already
    /// ended does not change.
    package func finish(_ instant: ScheduledInstant, error: String?) throws(DatabaseError) {
        try connection.platform(ScheduleSQL.finish(instant, error))
    }

    /// The latest firings of a schedule.
    package func history(
        of name: String,
        limit: Int = 100
    ) throws(DatabaseError) -> [ScheduleRecord] {
        let rows = try connection.platform(ScheduleSQL.history(name, limit))[0]
        return try rows.map(ScheduleRecord.init)
    }

    /// Marks instants that their runner abandoned as failed. Call it from time to time, from any
    /// process. `Retention` deletes old rows.
    package func sweep() throws(DatabaseError) {
        try connection.platform(ScheduleSQL.giveUp)
    }
}
