import Database
import SeededRandom
import Synchronization
import Testing
import Work

@Suite("Monthly quotas", .timeLimit(.minutes(10)))
struct QuotaTests {
    private let database: PlatformDatabase

    init() throws {
        database = try PlatformDatabase()
    }

    @discardableResult
    private func workspace(
        quota: Int?,
        timezone: String = "UTC",
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

    @Test(
        "A period begins on its day, or on the last one of a shorter month",
        arguments: [
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
    )
    func periodStart(_ day: String, _ renewsOn: Int, _ start: String) throws {
        #expect(
            try database.text(
                "SELECT relais.period_start($1::date, $2::int)",
                .inferred(day),
                .int32(Int32(renewsOn))
            ) == start
        )
    }

    @Test(
        "Every day belongs to one period, twelve in a year, wherever the session is",
        arguments: ["UTC", "America/Asuncion", "Asia/Beirut", "Africa/Cairo", "Pacific/Apia"]
    )
    func everyDay(_ timezone: String) throws {
        let connection = Connection(database.ownerURL)
        try connection.query("SELECT set_config('timezone', $1, false)", .text(timezone))
        let rows = try connection.query(
            """
            WITH every AS (
                SELECT renews_on, day::date AS day,
                    relais.period_start(day::date, renews_on) AS start,
                    -- The month's day, cut off at the month's end, without any time in it.
                    least(renews_on, extract(day FROM month_end(day))) AS here,
                    extract(day FROM day) AS number
                FROM generate_series(1, 31) AS renews_on,
                    generate_series(timestamp '2009-01-01', timestamp '2028-12-31', '1 day') AS day
            )
            SELECT count(*) AS days,
                count(*) FILTER (WHERE start > day OR day - start > 30) AS strays,
                count(*) FILTER (WHERE (number >= here) <> (extract(month FROM start)
                    = extract(month FROM day))) AS wrong,
                count(DISTINCT (renews_on, start)) AS periods
            FROM every
            """.replacing(
                "month_end(day)",
                "(date_trunc('month', day) + interval '1 month - 1 day')"
            )
        )
        #expect(try rows[0].get("days", as: Int.self) == 31 * 7_305)
        #expect(try rows[0].get("strays", as: Int.self) == 0)
        #expect(try rows[0].get("wrong", as: Int.self) == 0)
        // Twenty years, and for every day but the first the period that was under way.
        #expect(try rows[0].get("periods", as: Int.self) == 31 * 240 + 30)
    }

    @Test("Takers at the same time get the quota between them, and not one more")
    func concurrency() throws {
        let id = try workspace(quota: 500)
        let total = Mutex(0)
        together(8) { number, connection in
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

    @Test("A quota that is raised, lowered or taken away counts from the next taking on")
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

    @Test("While months are renewed nothing that was taken is lost")
    func renewalUnderLoad() throws {
        let id = try workspace(quota: nil)
        let taken = Mutex(0)
        together(4) { number, connection in
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
        let kept = try database.count(
            "SELECT coalesce((SELECT sum(used) FROM relais.quota_history), 0)"
                + " + coalesce((SELECT sum(used) FROM relais.quota_period), 0)"
        )
        #expect(kept == taken.withLock { $0 })
    }

    private func together(
        _ count: Int,
        _ body: @escaping @Sendable (Int, Connection) throws -> Void
    ) {
        let threads = (0..<count).map { number in
            BackgroundThread {
                do { try body(number, database.connect()) } catch { Issue.record(error) }
            }
        }
        for thread in threads { thread.join() }
    }
}

extension String {
    fileprivate func replacing(_ words: String, _ others: String) -> String {
        split(separator: words, omittingEmptySubsequences: false).joined(separator: others)
    }
}
