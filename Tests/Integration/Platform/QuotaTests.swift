import Database
import FunctionContract
import SeededRandom
import Synchronization
import Testing
import Work

@Suite("Monthly quotas", .ownThread)
struct QuotaTests {
    private let database: PlatformDatabase

    init() throws {
        database = try PlatformDatabase()
    }

    @discardableResult
    private func workspace(
        quota: Int?,
        timezone: String = Daytime.timezone,
        renewsOn: Int = 1
    ) throws -> UUID {
        let id = UUID.v7()
        try database.query(
            "INSERT INTO relais.workspace (id, name, timezone, monthly_message_quota,"
                + " quota_renews_on) VALUES ($1, 'w', $2, $3, $4)",
            .uuid(id),
            .text(timezone),
            .int(quota),
            .int(renewsOn)
        )
        return id
    }

    /// A day, the day on which quotas are renewed, and the first day of the period.
    private static let periods = [
        ("2026-03-15", 1, "2026-03-01"), ("2026-03-01", 1, "2026-03-01"),
        ("2026-03-14", 15, "2026-02-15"), ("2026-03-15", 15, "2026-03-15"),
        ("2026-01-01", 31, "2025-12-31"), ("2026-01-29", 30, "2025-12-30"),
        ("2026-02-27", 31, "2026-01-31"), ("2026-02-28", 31, "2026-02-28"),
        ("2026-03-30", 31, "2026-02-28"), ("2026-03-31", 31, "2026-03-31"),
        ("2026-04-29", 31, "2026-03-31"), ("2026-04-30", 31, "2026-04-30"),
        ("2026-03-01", 29, "2026-02-28"), ("2026-03-28", 29, "2026-02-28"),
        ("2024-02-28", 29, "2024-01-29"), ("2024-02-29", 29, "2024-02-29"),
        ("2024-02-28", 31, "2024-01-31"), ("2024-02-29", 31, "2024-02-29"),
        ("2024-03-30", 31, "2024-02-29"), ("2100-02-28", 30, "2100-02-28"),
    ]

    @Test("A period begins on its day, or on the last one of a shorter month")
    func periodStart() throws {
        let connection = database.connect()
        for (day, renewsOn, start) in Self.periods {
            let row = try connection.query(
                "SELECT relais.period_start($1::date, $2::int)::text AS start",
                .inferred(day),
                .int32(Int32(renewsOn))
            )[0]
            #expect(try row.get("start", as: String.self) == start, "\(day) \(renewsOn)")
        }
    }

    @Test("Every day belongs to one of twelve periods a year, in any session time zone")
    func everyDay() throws {
        let connection = Connection(database.ownerURL)
        // Clocks went forward at midnight there, on the first of a month or near a month's end, and
        // one place left out a day.
        for timezone in ["UTC", "America/Asuncion", "Africa/Cairo", "Pacific/Apia"] {
            try connection.query("SELECT set_config('timezone', $1, false)", .text(timezone))
            let row = try connection.query(Self.calendar, .bool(Load.isFull))[0]
            let count: Int = try row.get("days")
            #expect(count == (Load.isFull ? 31 : 5) * 1_461)
            #expect(try row.get("strays", as: Int.self) == 0, "\(timezone)")
            #expect(try row.get("wrong", as: Int.self) == 0, "\(timezone)")
        }
    }

    /// From 2009 to 2012. What a period is, said in another way: before the month's day it is that
    /// of the month before, and from it on the month's own.
    private static let calendar = """
        SELECT count(*) AS days,
            count(*) FILTER (WHERE start > day OR day - start > 30) AS strays,
            count(*) FILTER (WHERE (extract(day FROM day) >= least(renews_on, last))
                <> (extract(month FROM start) = extract(month FROM day))) AS wrong
        FROM generate_series(1, 31) AS renews_on,
            generate_series(timestamp '2009-01-01', timestamp '2012-12-31', '1 day') AS moment,
            LATERAL (
                SELECT moment::date AS day, relais.period_start(moment::date, renews_on) AS start,
                    extract(day FROM date_trunc('month', moment) + interval '1 month - 1 day')
                        AS last
            ) AS period
        WHERE $1 OR renews_on IN (1, 15, 29, 30, 31)
        """

    @Test("Concurrent takers share the quota and never exceed it")
    func concurrency() throws {
        let id = try workspace(quota: 500)
        let total = Mutex(0)
        runTogether(8, on: database) { number, connection in
            while true {
                let usage = try Quotas(connection).take(number + 1, for: id)
                if usage.granted == 0 { return }
                total.withLock { $0 += usage.granted }
            }
        }
        #expect(total.withLock { $0 } == 500)
        let usage = try Quotas(database.connect()).take(1, for: id)
        #expect((usage.granted, usage.used, usage.quota) == (0, 500, 500))
    }

    @Test("A changed quota applies from the next take")
    func changes() throws {
        let id = try workspace(quota: 10)
        let quotas = Quotas(database.connect())
        func set(_ quota: Int?) throws {
            try database.query(
                "UPDATE relais.workspace SET monthly_message_quota = $1",
                .int(quota)
            )
        }
        #expect(try quotas.take(8, for: id).granted == 8)
        #expect(try quotas.take(8, for: id).granted == 2)
        try set(15)
        #expect(try quotas.take(8, for: id).granted == 5)
        try set(3)
        #expect(try quotas.take(1, for: id).granted == 0)
        try set(nil)
        let usage = try quotas.take(1_000, for: id)
        #expect((usage.granted, usage.used, usage.quota) == (1_000, 1_015, nil))
        let error = #expect(throws: DatabaseError.self) { try quotas.take(1, for: .v7()) }
        #expect(error?.message.hasPrefix("there is no workspace") == true)
    }

    @Test("Moving the renewal day gives no second quota within a month")
    func movedDay() throws {
        let id = try workspace(quota: 10)
        let quotas = Quotas(database.connect())
        #expect(try quotas.take(7, for: id).granted == 7)
        #expect(try quotas.take(7, for: id).granted == 3)
        for day in Array(1...31) + (1...31).reversed() {
            try database.query(
                "UPDATE relais.workspace SET quota_renews_on = $1 WHERE id = $2",
                .int(day),
                .uuid(id)
            )
            let usage = try quotas.take(1, for: id)
            #expect((usage.granted, usage.used) == (0, 10), "day \(day)")
            try quotas.renew()
        }
        #expect(try used("quota_period") + used("quota_history") == 10)
        try database.query("UPDATE relais.quota_period SET starts_on = starts_on - 31")
        #expect(try quotas.take(20, for: id).granted == 10)
        try quotas.renew()
        #expect(try used("quota_history") == 10)
    }

    private func used(_ table: String) throws -> Int {
        try database.count("SELECT coalesce(sum(used), 0) FROM relais.\(table)")
    }

    @Test("Renewing months loses no take")
    func renewalUnderLoad() throws {
        let id = try workspace(quota: nil)
        let taken = Mutex(0)
        runTogether(4, on: database) { number, connection in
            var random = SeededRandom(seed: UInt64(number))
            for round in 0..<40 {
                if number == 0 {
                    // What everybody has taken so far was last month, all of a sudden.
                    try database.query(
                        "UPDATE relais.quota_period SET starts_on = starts_on - 31"
                            + " WHERE workspace = $1",
                        .uuid(id)
                    )
                    try Quotas(connection).renew()
                } else {
                    let count = Int.random(in: 1...5, using: &random)
                    let usage = try Quotas(connection).take(count, for: id)
                    taken.withLock { $0 += usage.granted }
                    #expect(usage.granted == count, "round \(round)")
                }
            }
        }
        try Quotas(database.connect()).renew()
        let kept = try used("quota_history") + used("quota_period")
        #expect(kept == taken.withLock { $0 })
    }
}
