import Database
import FunctionContract
import Testing

@Suite("Stored schedules", .ownThread)
struct StoreScheduleTests {
    private let database: PlatformDatabase

    init() throws {
        database = try PlatformDatabase()
    }

    private static func question(_ schedules: [JSON], runner: String = "r") -> JSON {
        ["runner": .string(runner), "schedules": .array(schedules)]
    }

    private static func schedule(
        _ name: String,
        cron: String = "* * * * *",
        timezone: String = "UTC",
        catchUpMinutes: Int = 60,
        overlap: Bool = false
    ) -> JSON {
        [
            "name": .string(name), "cron": .string(cron), "timezone": .string(timezone),
            "catchUpMinutes": .integer(catchUpMinutes), "overlap": .bool(overlap),
            "longestRunSeconds": 70,
        ]
    }

    private func claim(_ store: StoreProcess, _ schedules: JSON...) throws -> JSON {
        let answer = try store.ask("POST", "/schedules/claim", Self.question(schedules))
        #expect(answer.status == 200, "\(answer.message)")
        return answer.json
    }

    /// As if the runners had last looked so long ago.
    private func follow(_ name: String, minutesAgo: Int) throws {
        try database.query(
            """
            INSERT INTO relais.schedule VALUES ($1, now() - $2 * interval '1 minute')
            ON CONFLICT (name) DO UPDATE SET followed_until = excluded.followed_until
            """,
            .text(name),
            .int(minutesAgo)
        )
    }

    @Test("Each instant fires once, with any number of concurrent runners", arguments: [2, 3])
    func onceAmongMany(_ count: Int) throws {
        let stores = try (0..<count).map { _ in try StoreProcess(database.url) }
        let names = (0..<20).map { "every-minute-\($0)" }
        for name in names { try follow(name, minutesAgo: 2) }
        var runners: [String: [String]] = [:]
        for _ in 0..<3 {
            for (number, store) in stores.enumerated() {
                let question = Self.question(names.map { Self.schedule($0) }, runner: "\(number)")
                store.begin("POST", "/schedules/claim", body: question.bytes)
            }
            for (number, store) in stores.enumerated() {
                for fired in try store.answer().json["fired"]?.array ?? [] {
                    let instant =
                        "\(fired["name"]?.string ?? "?") \(fired["instant"]?.integer ?? 0)"
                    runners[instant, default: []].append("\(number)")
                }
            }
        }
        #expect(runners.values.allSatisfy { $0.count == 1 })
        #expect(Set(runners.keys.map { $0.split(separator: " ")[0] }).count == names.count)
        // The table says the same: who ran what, and nothing twice.
        let rows = try database.query(
            "SELECT name || ' ' || (extract(epoch FROM instant) * 1000)::bigint AS key, runner"
                + " FROM relais.schedule_instant WHERE state = 'running'"
        )
        #expect(rows.count == runners.count)
        for row in rows {
            let key: String = try row.get("key")
            #expect(runners[key] == [try row.get("runner")])
        }
    }

    @Test("A new schedule starts now")
    func new() throws {
        let store = try StoreProcess(database.url)
        let answer = try claim(store, Self.schedule("new"))
        #expect(answer["fired"]?.array?.isEmpty == true)
        let wait = try #require(answer["nextInMilliseconds"]?.integer)
        #expect((1...60_020).contains(wait))
    }

    @Test("After downtime only the latest instant fires, unless it is too old")
    func catchUp() throws {
        let store = try StoreProcess(database.url)
        try follow("often", minutesAgo: 600)
        let often = try claim(store, Self.schedule("often"))
        #expect(often["fired"]?.array?.count == 1)
        // Once a day, two hours ago.
        let cron = try #require(
            try database.text(
                "SELECT to_char((now() AT TIME ZONE 'UTC') - interval '2 hours', 'MI HH24 * * *')"
            )
        )
        for (minutes, count) in [(60, 0), (180, 1), (180, 0)] {
            try follow("daily", minutesAgo: 300)
            let schedule = Self.schedule("daily", cron: cron, catchUpMinutes: minutes)
            #expect(try claim(store, schedule)["fired"]?.array?.count == count)
        }
    }

    @Test("While an instant runs, the next one is skipped unless the schedule allows overlap")
    func overlap() throws {
        let store = try StoreProcess(database.url)
        for (name, overlap, count) in [("patient", false, 0), ("eager", true, 1)] {
            try follow(name, minutesAgo: 2)
            let schedule = Self.schedule(name, overlap: overlap)
            #expect(try claim(store, schedule)["fired"]?.array?.count == 1)
            try moveBack(name)
            #expect(try claim(store, schedule)["fired"]?.array?.count == count)
            #expect(try states(name).last == (overlap ? "running" : "skipped"))
        }
        // A run that was given up is in nobody's way.
        try database.query("UPDATE relais.schedule_instant SET lease_until = now()")
        try moveBack("patient")
        let schedule = Self.schedule("patient")
        #expect(try claim(store, schedule)["fired"]?.array?.count == 1)
    }

    /// As if everything so far had happened ten minutes earlier.
    private func moveBack(_ name: String) throws {
        try database.query(
            "UPDATE relais.schedule_instant SET instant = instant - interval '10 minutes'"
                + " WHERE name = $1",
            .text(name)
        )
        try follow(name, minutesAgo: 2)
    }

    private func states(_ name: String) throws -> [String] {
        let rows = try database.query(
            "SELECT state FROM relais.schedule_instant WHERE name = $1 ORDER BY instant",
            .text(name)
        )
        return try rows.map { try $0.get("state") }
    }

    @Test("The result of a run is recorded once; the first report counts")
    func finish() throws {
        let store = try StoreProcess(database.url)
        for (name, error, state) in [("well", JSON.null, "done"), ("badly", "no luck", "failed")] {
            try follow(name, minutesAgo: 2)
            let fired = try claim(store, Self.schedule(name))["fired"]?.array ?? []
            for error in [error, "too late"] {
                let report: JSON = [
                    "name": .string(name), "instant": fired[0]["instant"] ?? .null, "error": error,
                ]
                #expect(
                    try store.ask("POST", "/schedules/finish", ["results": [report]]).status == 200
                )
            }
            let question: JSON = ["schedules": [Self.schedule(name)]]
            let told = try store.ask("POST", "/schedules", question).json["schedules"]?.array ?? []
            #expect(told.first?["state"]?.string == state)
            #expect(told.first?["error"] == error)
            #expect(told.first?["next"]?.string != nil)
        }
    }

    @Test("An unknown time zone stops its own schedule only")
    func timezone() throws {
        let store = try StoreProcess(database.url)
        try follow("here", minutesAgo: 2)
        try follow("nowhere", minutesAgo: 2)
        let schedules = [
            Self.schedule("nowhere", timezone: "Mars/Olympus"), Self.schedule("here"),
        ]
        let question = Self.question(schedules)
        let answer = try store.ask("POST", "/schedules/claim", question)
        #expect(answer.json["fired"]?.array?.map { $0["name"]?.string } == ["here"])
        #expect(answer.json["problems"]?.array?.map { $0["name"]?.string } == ["nowhere"])
        let told = try store.ask("POST", "/schedules", question).json["schedules"]?.array ?? []
        #expect(told.map { $0["state"]?.string } == ["unusable", "running"])
        #expect(told.first?["error"]?.string?.contains("Mars/Olympus") == true)
    }
}
