package import Database
package import FunctionContract

/// Schedules that any number of runners follow together: each instant fires once.
package struct Schedules {
    /// What a runner shall do with an instant.
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

    /// The instants that are due and that nobody started, oldest first. A schedule that is seen for
    /// the first time begins now.
    package func due(_ schedules: [Schedule]) throws(DatabaseError) -> [ScheduledInstant] {
        let statements = [ScheduleSQL.follow(schedules)] + schedules.map(ScheduleSQL.due)
        let results = try connection.pipeline([PlatformScope.statement] + statements)
        var due: [ScheduledInstant] = []
        for rows in results.dropFirst(2) {
            for row in rows { due.append(try ScheduledInstant(row)) }
        }
        return due.sorted { $0.instant < $1.instant }
    }

    /// The first instants after `start` and not after `end`, at most `limit`. Only asks.
    package func instants(
        of clock: WallClock,
        in timezone: String,
        after start: Timestamp,
        through end: Timestamp,
        limit: Int
    ) throws(DatabaseError) -> [Timestamp] {
        let statement = ScheduleSQL.instants(clock, timezone, after: start, through: end, limit)
        return try connection.query(statement).map { (row) throws(DatabaseError) in
            try row.get("instant")
        }
    }

    /// Decides, once among all runners, what happens with the instant.
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

    /// Records how an instant ended; nil is well. Nothing changes when it had ended already.
    package func finish(_ instant: ScheduledInstant, error: String?) throws(DatabaseError) {
        try connection.platform(ScheduleSQL.finish(instant, error))
    }

    /// The latest firings of a schedule.
    package func history(
        of name: String,
        limit: Int = 100
    ) throws(DatabaseError) -> [ScheduleRecord] {
        let rows = try connection.platform(ScheduleSQL.history(name, limit))[0]
        return try rows.map { (row) throws(DatabaseError) in try ScheduleRecord(row) }
    }

    /// Marks as failed what its runner gave up. To be called now and then, by anybody. What is old
    /// goes by the rules of `Retention`.
    package func sweep() throws(DatabaseError) {
        try connection.platform(ScheduleSQL.giveUp)
    }
}
