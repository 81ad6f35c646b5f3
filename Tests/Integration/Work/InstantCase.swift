import Database
import FunctionContract
import Testing
import Work

/// A day on which the clock changes, or does not, and what a schedule makes of it. Times are UTC.
struct InstantCase: Sendable, CustomTestStringConvertible {
    let name: String
    let zone: String
    let minutes: Set<Int>
    let hours: Set<Int>
    let from: String
    let to: String
    let instants: [String]

    init(
        _ name: String,
        _ zone: String,
        _ minutes: Set<Int>,
        _ hours: Set<Int>,
        _ from: String,
        _ to: String,
        _ instants: [String]
    ) {
        self.name = name
        self.zone = zone
        self.minutes = minutes
        self.hours = hours
        self.from = from
        self.to = to
        self.instants = instants
    }

    var testDescription: String { "\(zone): \(name)" }

    func expect(on connection: Connection) throws {
        let fields = [minutes, hours].map { field in
            field.sorted().map(String.init).joined(separator: ",")
        }
        let found = try Schedules(connection).instants(
            of: CronExpression("\(fields[0]) \(fields[1]) * * *"),
            in: zone,
            after: connection.instant(from),
            through: connection.instant(to),
            limit: 100
        )
        #expect(try found == instants.map(connection.instant), Comment(rawValue: testDescription))
    }

    private static let all = Set(0...23)

    static let table = [
        // Paris, 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
        InstantCase(
            "a reading in the gap fires when the gap ends",
            "Europe/Paris",
            [30],
            [2],
            "2026-03-28 12:00",
            "2026-03-30 12:00",
            ["2026-03-29 01:00", "2026-03-30 00:30"]
        ),
        InstantCase(
            "the whole gap fires once",
            "Europe/Paris",
            Set(0...59),
            [2],
            "2026-03-28 12:00",
            "2026-03-29 12:00",
            ["2026-03-29 01:00"]
        ),
        InstantCase(
            "the gap and the hour after it meet and fire once",
            "Europe/Paris",
            [0],
            [2, 3],
            "2026-03-28 12:00",
            "2026-03-29 12:00",
            ["2026-03-29 01:00"]
        ),
        InstantCase(
            "readings around the gap fire as they are",
            "Europe/Paris",
            [59, 0],
            [1, 3],
            "2026-03-29 00:00",
            "2026-03-29 12:00",
            ["2026-03-29 00:00", "2026-03-29 00:59", "2026-03-29 01:00", "2026-03-29 01:59"]
                .filter { $0 > "2026-03-29 00:00" }
        ),
        InstantCase(
            "every hour leaves no hour out",
            "Europe/Paris",
            [30],
            all,
            "2026-03-28 23:00",
            "2026-03-29 03:00",
            ["2026-03-28 23:30", "2026-03-29 00:30", "2026-03-29 01:30", "2026-03-29 02:30"]
        ),
        // Paris, 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC.
        InstantCase(
            "a reading that occurs twice fires the first time",
            "Europe/Paris",
            [30],
            [2],
            "2026-10-24 12:00",
            "2026-10-26 12:00",
            ["2026-10-25 00:30", "2026-10-26 01:30"]
        ),
        InstantCase(
            "every hour has the hour twice",
            "Europe/Paris",
            [30],
            all,
            "2026-10-24 23:00",
            "2026-10-25 03:00",
            ["2026-10-24 23:30", "2026-10-25 00:30", "2026-10-25 01:30", "2026-10-25 02:30"]
        ),
        InstantCase(
            "every minute is every minute",
            "Europe/Paris",
            Set(0...59),
            all,
            "2026-10-25 00:58",
            "2026-10-25 01:02",
            ["2026-10-25 00:59", "2026-10-25 01:00", "2026-10-25 01:01", "2026-10-25 01:02"]
        ),
        // New York, 2026-03-08 at 07:00 UTC, and 2026-11-01 at 06:00 UTC.
        InstantCase(
            "a reading in the gap fires when the gap ends",
            "America/New_York",
            [15],
            [2],
            "2026-03-07 12:00",
            "2026-03-09 12:00",
            ["2026-03-08 07:00", "2026-03-09 06:15"]
        ),
        InstantCase(
            "a reading that occurs twice fires the first time",
            "America/New_York",
            [15],
            [1],
            "2026-10-31 12:00",
            "2026-11-02 12:00",
            ["2026-11-01 05:15", "2026-11-02 06:15"]
        ),
        // Libreville never changes its clock.
        InstantCase(
            "a day like any other",
            "Africa/Libreville",
            [30],
            [2],
            "2026-03-28 12:00",
            "2026-03-30 12:00",
            ["2026-03-29 01:30", "2026-03-30 01:30"]
        ),
        InstantCase(
            "a night like any other",
            "Africa/Libreville",
            [30],
            [2],
            "2026-10-24 12:00",
            "2026-10-26 12:00",
            ["2026-10-25 01:30", "2026-10-26 01:30"]
        ),
        // Half an hour, and a whole day, left out.
        InstantCase(
            "a gap of half an hour",
            "Australia/Lord_Howe",
            [15],
            [2],
            "2026-10-03 00:00",
            "2026-10-04 00:00",
            ["2026-10-03 15:30"]
        ),
        InstantCase(
            "a gap of a day",
            "Pacific/Apia",
            [0],
            [12],
            "2011-12-29 12:00",
            "2012-01-01 00:00",
            ["2011-12-29 22:00", "2011-12-30 10:00", "2011-12-30 22:00", "2011-12-31 22:00"]
        ),
    ]
}

extension Connection {
    /// Reads `2026-03-29 01:00` as UTC.
    func instant(_ text: String) throws(DatabaseError) -> Timestamp {
        try query("SELECT $1::timestamptz AS instant", .inferred(text + ":00Z"))[0].get("instant")
    }
}
