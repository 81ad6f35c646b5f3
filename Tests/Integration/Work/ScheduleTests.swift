import Database
import FunctionContract
import Testing
import Work

@Suite(.ownThread)
struct ScheduleTests {
    private static let database = Result { try WorkDatabase() }

    private let connection: Connection
    private let schedules: Schedules
    private var schedule: Schedule

    init() throws {
        connection = try Self.database.get().connect()
        schedules = Schedules(connection)
        schedule = Schedule(
            name: UUID.v7().description,
            cron: try CronExpression("* * * * *"),
            timezone: "Africa/Libreville"
        )
    }

    @Test(arguments: InstantCase.table)
    func theClockChanges(_ instants: InstantCase) throws {
        try instants.expect(on: connection)
    }

    @Test(arguments: [
        // The 13th and every Friday; and Fridays that are the 1st, the 13th or the 25th.
        (
            "0 12 13 * 5",
            ["2026-02-06", "2026-02-13", "2026-02-20", "2026-02-27", "2026-03-06", "2026-03-13"]
        ),
        ("0 12 */12 * 5", ["2026-02-13", "2026-03-13", "2026-05-01", "2026-09-25", "2026-11-13"]),
    ])
    func bothDayFieldsMatchAsInCrontab(_ cron: String, _ days: [String]) throws {
        let found = try schedules.instants(
            of: CronExpression(cron),
            in: "UTC",
            after: connection.instant("2026-02-01 00:00"),
            through: connection.instant("2026-12-31 00:00"),
            limit: days.count
        )
        #expect(try found == days.map { try connection.instant($0 + " 12:00") })
    }

    @Test func monthsAndTheLastDayOfFebruary() throws {
        let found = try schedules.instants(
            of: CronExpression("5 0 29 2 *"),
            in: "Africa/Libreville",
            after: connection.instant("2026-01-01 00:00"),
            through: connection.instant("2029-01-01 00:00"),
            limit: 5
        )
        #expect(try found == [connection.instant("2028-02-28 23:05")])
    }

    /// As if the runners had been away so long.
    private func follow(minutesAgo minutes: Int) throws {
        #expect(try schedules.due([schedule]).isEmpty)
        try Self.database.get().connectAsOwner().query(
            """
            UPDATE relais.schedule SET followed_until = now() - make_interval(mins => $2::int)
            WHERE name = $1
            """,
            .text(schedule.name),
            .int(minutes)
        )
    }

    @Test func aNewScheduleBeginsNow() throws {
        #expect(try schedules.due([schedule]).isEmpty)
    }

    @Test func afterAnAbsenceTheLatestInstantsFire() throws {
        var schedule = schedule
        try follow(minutesAgo: 20)
        schedule.catchUp = Schedule.CatchUp(count: 3)
        let due = try schedules.due([schedule]).map(\.instant)
        #expect(due.count == 3 && due == due.sorted())
        #expect(zip(due, due.dropFirst()).allSatisfy { $0 + .seconds(60) == $1 })
        #expect(try #require(due.last) > .now - .seconds(120))
        schedule.catchUp = Schedule.CatchUp(count: 100, window: .seconds(300))
        #expect((4...6).contains(try schedules.due([schedule]).count))
        #expect(try schedules.start(try #require(due.last), of: schedule, runner: "a") == .run)
        // Older ones are over with it; at most the next minute has begun meanwhile.
        #expect(try schedules.due([schedule]).count <= 1)
    }

    @Test func anInstantThatOverlapsIsSkippedUnlessAllowed() throws {
        let first = Timestamp.now
        let instants = (0..<4).map { first + .seconds(60 * $0) }
        #expect(try schedules.start(instants[0], of: schedule, runner: "a") == .run)
        #expect(try schedules.start(instants[0], of: schedule, runner: "b") == .taken)
        #expect(try schedules.start(instants[1], of: schedule, runner: "b") == .skip)
        var allowed = schedule
        allowed.overlap = .allow
        #expect(try schedules.start(instants[2], of: allowed, runner: "b") == .run)
        for (index, error) in [(0, nil), (2, "no answer")] {
            let instant = ScheduledInstant(name: schedule.name, instant: instants[index])
            try schedules.finish(instant, error: error)
        }
        #expect(try schedules.start(instants[3], of: schedule, runner: "a") == .run)
        let history = try schedules.history(of: schedule.name)
        #expect(history.map(\.state) == [.running, .failed, .skipped, .done])
        #expect(history[1].error == "no answer")
    }

    @Test func aRunnerThatVanishedBlocksNothing() throws {
        var schedule = schedule
        schedule.longestRun = .zero
        let first = Timestamp.now
        for minute in 0..<2 {
            let instant = first + .seconds(60 * minute)
            #expect(try schedules.start(instant, of: schedule, runner: "a") == .run)
        }
        try schedules.sweep()
        #expect(try schedules.history(of: schedule.name).map(\.state) == [.failed, .failed])
    }
}
