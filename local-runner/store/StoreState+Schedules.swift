import Database
import FunctionContract
import Work

extension StoreState {
    /// Starts every due instant that no other runner has started.
    func claimSchedules(_ request: StoreRequest) throws -> HTTPReply {
        let runner = try request.text("runner")
        var fired: [JSON] = []
        var problems: [JSON] = []
        for (schedule, instant) in try due(try schedules(in: request), &problems) {
            do {
                let start = try schedules.start(instant.instant, of: schedule, runner: runner)
                if start == .run { fired.append(instant.json) }
            } catch {
                // Started instants are ours and must be returned. The others stay due.
                if fired.isEmpty { throw error }
                break
            }
        }
        return .json([
            "fired": .array(fired), "problems": .array(problems),
            "nextInMilliseconds": .integer(try fired.isEmpty ? untilNextMinute() : 0),
        ])
    }

    /// Reads the due instants in one query. If PostgreSQL cannot read one schedule, it queries them
    /// one by one.
    private func due(
        _ known: [Schedule],
        _ problems: inout [JSON]
    ) throws(DatabaseError) -> [(Schedule, ScheduledInstant)] {
        do throws(DatabaseError) {
            return Self.pairs(known, try schedules.due(known))
        } catch {
            guard error.code == .invalidValue, known.count > 0 else { throw error }
            guard known.count > 1 else {
                problems.append([
                    "name": .string(known[0].name), "message": .string(error.message),
                ])
                return []
            }
            var pairs: [(Schedule, ScheduledInstant)] = []
            for schedule in known { pairs += try due([schedule], &problems) }
            return pairs
        }
    }

    private static func pairs(
        _ known: [Schedule],
        _ instants: [ScheduledInstant]
    ) -> [(Schedule, ScheduledInstant)] {
        instants.compactMap { instant in
            known.first { $0.name == instant.name }.map { ($0, instant) }
        }
    }

    func finishSchedules(_ request: StoreRequest) throws -> HTTPReply {
        for result in try request.objects("results") {
            let instant = ScheduledInstant(
                name: try result.text("name"),
                instant: .init(
                    microseconds: Int64(try result.integer("instant", Self.instants)) * 1000
                )
            )
            try schedules.finish(instant, error: try result.optionalText("error"))
        }
        return .json([:])
    }

    /// Milliseconds, from 1970 to 9999.
    private static let instants = 0...253_402_300_799_999

    /// For each schedule: when it fires next, and the result of its last run.
    func describeSchedules(_ request: StoreRequest) throws -> HTTPReply {
        let now = try serverTime()
        var descriptions: [JSON] = []
        for schedule in try schedules(in: request) {
            let last = try schedules.history(of: schedule.name, limit: 1).first
            do throws(DatabaseError) {
                let next = try next(of: schedule, after: now)
                descriptions.append(Self.describe(schedule, next: next, last: last, problem: nil))
            } catch {
                guard error.code == .invalidValue else { throw error }
                let problem = error.message
                descriptions.append(Self.describe(schedule, next: nil, last: nil, problem: problem))
            }
        }
        return .json(["schedules": .array(descriptions)])
    }

    private func schedules(in request: StoreRequest) throws -> [Schedule] {
        try request.objects("schedules").map { try Schedule($0) }
    }

    private static func describe(
        _ schedule: Schedule,
        next: Timestamp?,
        last: ScheduleRecord?,
        problem: String?
    ) -> JSON {
        func text(_ value: (some CustomStringConvertible)?) -> JSON {
            value.map { .string($0.description) } ?? .null
        }
        return [
            "name": .string(schedule.name), "next": text(next),
            "last": text(last?.instant.instant),
            "state": text(problem == nil ? last?.state.rawValue : "unusable"),
            "error": text(problem ?? last?.error),
        ]
    }

    /// Tries near horizons first, because PostgreSQL examines every minute of the range.
    private func next(
        of schedule: Schedule,
        after now: Timestamp
    ) throws(DatabaseError) -> Timestamp? {
        for days in Self.horizonsInDays {
            let found = try schedules.instants(
                of: schedule.cron,
                in: schedule.timezone,
                after: now,
                through: now + .seconds(days * 86_400),
                limit: 1
            )
            if let next = found.first { return next }
        }
        return nil
    }

    /// Horizons for hourly or daily, weekly, monthly and yearly schedules. A rarer schedule shows
    /// no time.
    private static let horizonsInDays = [1, 8, 32, 366]

    /// Cron minutes follow the server's clock, so the wait does too.
    private func untilNextMinute() throws(DatabaseError) -> Int {
        let minute: Int64 = 60_000_000
        let now = try serverTime().microseconds
        return Int((minute - now % minute) / 1000) + 20
    }

    func serverTime() throws(DatabaseError) -> Timestamp {
        try connection.query("SELECT statement_timestamp() AS now")[0].get("now")
    }
}

extension Schedule {
    fileprivate init(_ request: StoreRequest) throws(Rejection) {
        let cron: CronExpression
        do {
            cron = try CronExpression(try request.text("cron"))
        } catch let error as ContractError {
            throw .badRequest("cron: \(error.message)")
        } catch {
            throw .badRequest("cron: \(error)")
        }
        self.init(
            name: try request.text("name"),
            cron: cron,
            timezone: try request.text("timezone")
        )
        overlap = try request.flag("overlap") ? .allow : .skip
        // A claim comes a moment after its instant. Even a schedule without catch-up needs that
        // time.
        let minutes = max(2, try request.integer("catchUpMinutes", 0...10_080))
        catchUp = CatchUp(window: .seconds(minutes * 60))
        longestRun = .seconds(try request.integer("longestRunSeconds", 1...86_400))
    }
}

extension ScheduledInstant {
    fileprivate var json: JSON {
        ["name": .string(name), "instant": .integer(Int(instant.milliseconds))]
    }
}
