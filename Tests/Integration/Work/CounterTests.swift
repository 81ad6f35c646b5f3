import Database
import FunctionContract
import Testing
import Work

@Suite(.ownThread)
struct CounterTests {
    private static let database = Result { try WorkDatabase() }

    private let counters: Counters
    private let owner: Connection
    private let counter = DailyCounter(
        key: UUID.v7().description,
        workspace: .v7(),
        timezone: Daytime.timezone,
        cap: 100
    )

    init() throws {
        counters = Counters(try Self.database.get().connect())
        owner = try Self.database.get().connectAsOwner()
    }

    @Test func givesWhatIsLeft() throws {
        #expect(try counters.usage(of: counter) == Usage(used: 0, cap: 100))
        #expect(try counters.take(70, from: counter).granted == 70)
        let rest = try counters.take(70, from: counter)
        #expect(rest.granted == 30 && rest.usage.level == .danger)
        #expect(try counters.take(1, from: counter).granted == 0)
    }

    @Test func theFirstTakeStopsAtTheCapToo() throws {
        #expect(try counters.take(1000, from: counter).granted == 100)
    }

    @Test func whatHappenedAnywayCountsBeyondTheCap() throws {
        _ = try counters.take(90, from: counter)
        #expect(try counters.record(20, on: counter).level == .blocked)
        #expect(try counters.take(1, from: counter).granted == 0)
        #expect(try counters.usage(of: counter) == Usage(used: 110, cap: 100))
    }

    @Test func unusedAllowanceIsGivenBack() throws {
        let taken = try counters.take(100, from: counter)
        try counters.giveBack(40, of: taken, to: counter)
        #expect(try counters.take(100, from: counter).granted == 40)
    }

    @Test func aNewCapHoldsAtOnce() throws {
        _ = try counters.take(100, from: counter)
        let key = counter.key
        for (cap, granted) in [(50, 0), (120, 20)] {
            let changed = DailyCounter(
                key: key,
                workspace: counter.workspace,
                timezone: counter.timezone,
                cap: cap
            )
            #expect(try counters.take(100, from: changed).granted == granted)
        }
    }

    @Test func theDayIsThatOfTheCountersPlace() throws {
        for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let there = DailyCounter(key: zone, workspace: nil, timezone: zone, cap: 5)
            let before = try day(in: zone)
            let day = try counters.take(1, from: there).day
            #expect(try [before, self.day(in: zone)].contains(day))
        }
    }

    private func day(in zone: String) throws -> String {
        try owner.query(
            "SELECT (clock_timestamp() AT TIME ZONE $1)::date::text AS day",
            .text(zone)
        )[0].get("day")
    }

    private func add(daysAgo days: Int, used: Int) throws {
        try owner.query(
            """
            INSERT INTO relais.counter (key, workspace, timezone, cap, day, used, granted)
            VALUES ($1, coalesce($2, '00000000-0000-0000-0000-000000000000'), $3, 100, (now() AT TIME ZONE $3)::date - $4::int, $5, 0)
            """,
            .text(counter.key),
            .uuid(counter.workspace),
            .text(counter.timezone),
            .int(days),
            .int(used)
        )
    }

    private func history() throws -> [Int] {
        try owner.query(
            "SELECT used FROM relais.counter_history WHERE key = $1 ORDER BY day",
            .text(counter.key)
        ).map { try $0.get("used") }
    }

    @Test func daysThatAreOverAreClosedOnce() throws {
        try add(daysAgo: 2, used: 20)
        try add(daysAgo: 1, used: 10)
        _ = try counters.take(7, from: counter)
        runTogether(8, on: try Self.database.get()) { _, connection in
            try Counters(connection).closeDays()
        }
        #expect(try history() == [20, 10])
        #expect(try counters.usage(of: counter).used == 7)
    }

    @Test func aTakeThatCameLateIsAddedToItsDay() throws {
        for used in [10, 5] {
            try add(daysAgo: 1, used: used)
            try counters.closeDays()
        }
        #expect(try history() == [15])
    }
}
