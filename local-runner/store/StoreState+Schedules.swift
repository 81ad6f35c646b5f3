import Database
import FunctionContract
import Work

extension StoreState {
    /// Starts every instant that is due and that no other runner has started.
    func claimSchedules(_ request: StoreRequest) throws -> HTTPReply {
        let runner = try request.text("runner")
        let known = try request.objects("schedules").map(Schedule.init)
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
        return .json(["fired": .array(fired), "nextInMilliseconds": .integer(try untilNextMinute())])
    }

    func finishSchedule(_ request: StoreRequest) throws -> HTTPReply {
        let instant = ScheduledInstant(
            name: try request.text("name"),
            instant: Timestamp(milliseconds: try request.integer("instant"))
        )
        let error = request.flag("succeeded") ? nil : request.optionalText("error") ?? "failed"
        try schedules.finish(instant, error: error)
        return .json([:])
    }

    /// When each schedule fires next and what became of it last.
    func describeSchedules(_ request: StoreRequest) throws -> HTTPReply {
        let now = try serverTime()
        var descriptions: [JSON] = []
        for schedule in try request.objects("schedules").map(Schedule.init) {
            let next = try schedules.instants(
                of: schedule.clock,
                in: schedule.timezone,
                after: now,
                through: now + Self.horizon,
                limit: 1
            ).first
            let last = try schedules.history(of: schedule.name, limit: 1).first
            descriptions.append([
                "name": .string(schedule.name),
                "next": next.map { .string($0.description) } ?? .null,
                "last": last.map { .string($0.instant.instant.description) } ?? .null,
                "state": last.map { .string($0.state.rawValue) } ?? .null,
                "error": (last?.error).map { .string($0) } ?? .null,
            ])
        }
        return .json(["schedules": .array(descriptions)])
    }

    /// Far enough for a schedule that fires once a year.
    private static let horizon = Duration.seconds(366 * 86_400)

    /// Cron counts minutes by the server's clock, so that is the clock to wait by.
    private func untilNextMinute() throws(DatabaseError) -> Int {
        let minute: Int64 = 60_000_000
        let now = try serverTime().microseconds
        return Int((minute - now % minute) / 1000) + 20
    }

    private func serverTime() throws(DatabaseError) -> Timestamp {
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

extension Timestamp {
    init(milliseconds: Int) {
        self.init(microseconds: Int64(milliseconds) * 1000)
    }
}
