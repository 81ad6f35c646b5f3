import Database
import FunctionContract
import Testing

/// The function, as its schedule calls it: at any time, late or twice.
@Suite("quota-reset", .ownThread)
struct QuotaResetTests {
    private static let timezones = ["Africa/Libreville", "America/New_York", "Pacific/Kiritimati"]

    /// A workspace in each time zone, with days and months that are over and some that are not.
    private func fill(_ database: PlatformDatabase) throws {
        for timezone in Self.timezones {
            try database.query(
                """
                WITH place AS (
                    INSERT INTO relais.workspace (id, name, timezone, quota_renews_on)
                    VALUES (gen_random_uuid(), $1, $1,
                        extract(day FROM now() AT TIME ZONE $1)::int)
                    RETURNING id, (now() AT TIME ZONE $1)::date AS today, quota_renews_on
                ), day AS (
                    INSERT INTO relais.counter (key, day, workspace, timezone, used, cap, granted)
                    SELECT 'c-' || $1, today - age, id, $1, 10 + age, 1000, 1
                    FROM place, unnest(ARRAY[0, 1, 2, 3]) AS age
                )
                INSERT INTO relais.quota_period (workspace, starts_on, used, quota, granted)
                SELECT id, relais.period_start(
                        (today - make_interval(months => age))::date, quota_renews_on),
                    100 + age, 1000, 1
                FROM place, unnest(ARRAY[0, 1, 3]) AS age
                """,
                .text(timezone)
            )
        }
    }

    /// Everything that is kept, with days said as how long ago they are where they count.
    private func state(_ database: PlatformDatabase) throws -> [String] {
        let rows = try database.query(
            """
            SELECT 'day ' || key || ' ' || used || ' ' ||
                (now() AT TIME ZONE timezone)::date - day AS line FROM relais.counter
            UNION ALL
            SELECT 'closed day ' || key || ' ' || used || ' ' ||
                (now() AT TIME ZONE name)::date - day
            FROM relais.counter_history JOIN relais.workspace ON id = workspace
            UNION ALL
            SELECT 'month ' || name || ' ' || used || ' ' || quota
            FROM relais.quota_period JOIN relais.workspace ON id = workspace
            UNION ALL
            SELECT 'closed month ' || name || ' ' || used || ' ' || quota
            FROM relais.quota_history JOIN relais.workspace ON id = workspace
            ORDER BY line
            """
        )
        return try rows.map { try $0.get("line") }
    }

    private static let closed = timezones.flatMap { place in
        ["day c-\(place) 10 0", "month \(place) 100 1000"]
            + (1...3).map { "closed day c-\(place) \(10 + $0) \($0)" }
            + [1, 3].map { "closed month \(place) \(100 + $0) 1000" }
    }.sorted()

    /// The date in every place: when one changes during a test, the test says nothing.
    private func dates(_ database: PlatformDatabase) throws -> String? {
        try database.text(
            "SELECT string_agg((now() AT TIME ZONE place)::date::text, ' ') FROM unnest($1) AS place",
            .texts(Self.timezones)
        )
    }

    @Test("Days and months close at local midnight; repeated or late runs change nothing")
    func closes() throws {
        var before: String?
        repeat {
            let database = try PlatformDatabase()
            before = try dates(database)
            try fill(database)
            let first = try FunctionRun("quota-reset", on: database)
            let state = try state(database)
            let again = try FunctionRun("quota-reset", on: database)
            guard try dates(database) == before else { continue }
            #expect(first.json["processed"]?.integer == Self.timezones.count * 5)
            #expect(first.log.contains("closed 9 days and 6 months"))
            #expect(state == Self.closed)
            #expect(again.json["processed"] == 0)
            #expect(try self.state(database) == Self.closed)
            return
        } while true
    }

    @Test("Concurrent runs close everything once")
    func concurrently() throws {
        let database = try PlatformDatabase()
        try fill(database)
        let date = try dates(database)
        let event = #"{"specversion":"1.0","id":"1","source":"/t","type":"relais.schedule.fired"}"#
        let processes = try (0..<3).map { _ in
            try ChildProcess(
                BuiltProduct.path("quota-reset"),
                environment: ["DATABASE_URL": database.url]
            )
        }
        for process in processes {
            process.feed(event)
            process.closeInput()
        }
        for process in processes { #expect(try process.waitForExit() == .code(0)) }
        guard try dates(database) == date else { return }
        #expect(try state(database) == Self.closed)
    }

    @Test("Counts committed after a close are added by the next one")
    func lateCommit() throws {
        var isOneDay = false
        while !isOneDay { isOneDay = try commitLate() }
    }

    /// False when a date changed meanwhile.
    private func commitLate() throws -> Bool {
        let database = try PlatformDatabase()
        let before = try dates(database)
        try fill(database)
        _ = try FunctionRun("quota-reset", on: database)
        try database.query(
            """
            INSERT INTO relais.quota_period (workspace, starts_on, used, quota, granted)
            SELECT workspace, starts_on, 7, quota, 1 FROM relais.quota_history
            """
        )
        try database.query(
            """
            INSERT INTO relais.counter (key, day, workspace, timezone, used, cap, granted)
            SELECT key, day, workspace, 'UTC', 7, cap, 1 FROM relais.counter_history
            WHERE day < current_date - 1
            """
        )
        let days = try database.count("SELECT sum(used) FROM relais.counter_history")
        let months = try database.count("SELECT sum(used) FROM relais.quota_history")
        let late = try database.count("SELECT sum(used) FROM relais.counter WHERE used = 7")
        _ = try FunctionRun("quota-reset", on: database)
        guard try dates(database) == before else { return false }
        #expect(try database.count("SELECT sum(used) FROM relais.counter_history") == days + late)
        #expect(try database.count("SELECT sum(used) FROM relais.quota_history") == months + 42)
        return true
    }
}
