internal import Database
package import FunctionContract

/// When a function runs by the cron.
package struct Schedule: Sendable, Equatable {
    /// What to do with an instant while an earlier one still runs.
    package enum Overlap: Sendable {
        case allow
        /// Does not run the instant, and records it as skipped.
        case skip
    }

    /// Which missed instants still fire, after a time without a runner.
    package struct CatchUp: Sendable, Equatable {
        /// At most this many fire: the latest ones.
        package var count: Int
        /// Older instants do not fire.
        package var window: Duration

        package init(count: Int = 1, window: Duration = .seconds(3600)) {
            precondition(count >= 1 && window > .zero && window <= Self.longestWindow)
            self.count = count
            self.window = window
        }

        private static let longestWindow = Duration.seconds(7 * 86_400)
    }

    package let name: String
    /// The local clock readings at which the schedule fires.
    ///
    /// A schedule for certain hours follows the readings. A reading that the clock skips fires at
    /// the first instant after the gap. A reading that occurs twice fires the first time only.
    ///
    /// A schedule for every hour follows real time: it fires at every instant with a matching
    /// reading. In the night that repeats an hour, it fires in both of these hours.
    package let cron: CronExpression
    package let timezone: String
    package var overlap = Overlap.skip
    package var catchUp = CatchUp()
    /// After this time, an instant without a result counts as abandoned by its runner.
    package var longestRun = Duration.seconds(900)

    package init(name: String, cron: CronExpression, timezone: String) {
        self.name = name
        self.cron = cron
        self.timezone = timezone
    }
}

/// One firing of a schedule.
package struct ScheduledInstant: Sendable, Hashable {
    package let name: String
    package let instant: Timestamp

    package init(name: String, instant: Timestamp) {
        self.name = name
        self.instant = instant
    }
}

/// The result of a firing.
package struct ScheduleRecord: Sendable, Equatable {
    package enum State: String, Sendable {
        case running, done, failed, skipped
    }

    package let instant: ScheduledInstant
    package let state: State
    package let runner: String
    package let startedAt: Timestamp
    package let finishedAt: Timestamp?
    package let error: String?
}

extension ScheduledInstant {
    init(_ row: Row) throws(DatabaseError) {
        self.init(name: try row.get("name"), instant: try row.get("instant"))
    }
}

extension ScheduleRecord {
    init(_ row: Row) throws(DatabaseError) {
        let word: String = try row.get("state")
        guard let state = State(rawValue: word) else {
            throw DatabaseError(.decoding, "a schedule's instant has the unknown state \(word)")
        }
        instant = try ScheduledInstant(row)
        self.state = state
        runner = try row.get("runner")
        startedAt = try row.get("started_at")
        finishedAt = try row.get("finished_at")
        error = try row.get("error")
    }
}
