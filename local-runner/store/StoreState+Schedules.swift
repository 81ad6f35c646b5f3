import Database
import FunctionContract
import Work

extension StoreState {
    /// Starts every instant that is due and that no other runner has started.
    func claimSchedules(_ request: StoreRequest) throws -> HTTPReply {
        let runner = try request.text("runner")
        let known = try request.objects("schedules").map { try Work.Schedule($0) }
        var fired: [JSON] = []
        for instant in try schedules.due(known) {
            guard let schedule = known.first(where: { $0.name == instant.name }) else { continue }
            let start = try schedules.start(instant.instant, of: schedule, runner: runner)
            if start == .run {
                fired.append([
                    "name": .string(instant.name),
                    "instant": .integer(Int(instant.instant.microseconds / 1000)),
                ])
            }
        }
        return .json([
            "fired": .array(fired), "nextInMilliseconds": .integer(try untilNextMinute()),
        ])
    }

    func finishSchedule(_ request: StoreRequest) throws -> HTTPReply {
        let instant = ScheduledInstant(
            name: try request.text("name"),
            instant: .init(microseconds: Int64(try request.integer("instant")) * 1000)
        )
        let error = request.flag("succeeded") ? nil : request.optionalText("error") ?? "failed"
        try schedules.finish(instant, error: error)
        return .json([:])
    }

    /// When each schedule fires next and what became of it last.
    func describeSchedules(_ request: StoreRequest) throws -> HTTPReply {
        let now = try serverTime()
        var descriptions: [JSON] = []
        for question in try request.objects("schedules") {
            let schedule = try Work.Schedule(question)
            let next = try next(of: schedule, after: now)
            let last = try schedules.history(of: schedule.name, limit: 1).first
            descriptions.append(Self.describe(schedule, next: next, last: last))
        }
        return .json(["schedules": .array(descriptions)])
    }

    private static func describe(
        _ schedule: Work.Schedule,
        next: Database.Timestamp?,
        last: ScheduleRecord?
    ) -> JSON {
        func text(_ value: (some CustomStringConvertible)?) -> JSON {
            value.map { .string($0.description) } ?? .null
        }
        return [
            "name": .string(schedule.name), "next": text(next),
            "last": text(last?.instant.instant), "state": text(last?.state.rawValue),
            "error": text(last?.error),
        ]
    }

    /// Near ones first: PostgreSQL looks at every minute on the way.
    private func next(
        of schedule: Work.Schedule,
        after now: Database.Timestamp
    ) throws(DatabaseError) -> Database.Timestamp? {
        for days in Self.horizonsInDays {
            let found = try schedules.instants(
                of: schedule.clock,
                in: schedule.timezone,
                after: now,
                through: now + .seconds(days * 86_400),
                limit: 1
            )
            if let next = found.first { return next }
        }
        return nil
    }

    /// An hour's schedule, a day's, a month's; one that is rarer has no next time worth showing.
    private static let horizonsInDays = [1, 8, 32]

    /// Cron counts minutes by the server's clock, so that is the clock to wait by.
    private func untilNextMinute() throws(DatabaseError) -> Int {
        let minute: Int64 = 60_000_000
        let now = try serverTime().microseconds
        return Int((minute - now % minute) / 1000) + 20
    }

    func serverTime() throws(DatabaseError) -> Database.Timestamp {
        try connection.query("SELECT statement_timestamp() AS now")[0].get("now")
    }
}

extension Work.Schedule {
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
            clock: WallClock(
                minutes: cron.minutes,
                hours: cron.hours,
                days: cron.days,
                months: cron.months,
                weekdays: cron.weekdays,
                eitherDay: cron.eitherDay
            ),
            timezone: try request.text("timezone")
        )
        overlap = request.flag("overlap") ? .allow : .skip
        let minutes = max(2, try request.integer("catchUpMinutes"))
        catchUp = CatchUp(window: .seconds(minutes * 60))
        longestRun = .seconds(try request.integer("timeoutSeconds") + 60)
    }
}
