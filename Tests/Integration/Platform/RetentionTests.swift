import Database
import FunctionContract
import Inbound
import Messages
import Testing
import Work

/// The function, with the rights of a function: what the rules say goes, and nothing else.
@Suite("clean-up", .ownThread)
struct RetentionTests {
    /// How a row of a table is made that is `$1` old; NULL is still in use.
    private static let insertions = [
        "relais.webhook_inbox": """
        INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body,
            processed_at)
        SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'meta',
            gen_random_uuid()::text, '', now() - $1::interval
        """,
        "relais.orphan_status": """
        INSERT INTO relais.orphan_status (workspace, channel, provider_id, status, occurred_at,
            received_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 'p', 'read', now(), now() - $1::interval
        """,
        "relais.schedule_instant": """
        INSERT INTO relais.schedule_instant (name, instant, state, runner, lease_until,
            finished_at)
        SELECT gen_random_uuid()::text, now() - interval '1 year', 'done', 'r', now(),
            now() - $1::interval
        """,
        "relais.task_total": """
        INSERT INTO relais.task_total SELECT gen_random_uuid()::text, now() - $1::interval,
            1, 0, 0
        """,
        "relais.task_dead": """
        INSERT INTO relais.task_dead (id, queue, priority, kind, payload, attempts,
            max_attempts, lease_token, reason, created_at, died_at)
        SELECT gen_random_uuid(), 'q', 2, 'k', '{}', 1, 1, 1, 'refused', now(),
            now() - $1::interval
        """,
        "relais.link_click": """
        INSERT INTO relais.link_click (id, workspace, campaign, position, message, contact,
            clicked_at)
        SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 0, gen_random_uuid(),
            gen_random_uuid(), now() - $1::interval
        """,
        "relais.channel_day": """
        INSERT INTO relais.channel_day (workspace, channel, day, messages)
        SELECT gen_random_uuid(), gen_random_uuid(), now() - $1::interval, 1
        """,
        "relais.idempotency": """
        INSERT INTO relais.idempotency (workspace, caller, key, digest, lease_until, expires_at)
        SELECT gen_random_uuid(), 'c', 'k', decode(repeat('00', 32), 'hex'), now(),
            now() - $1::interval
        """,
    ]

    private static let rules = Retention.rules + Retention.ofWebhooks + Retention.ofDeliveries

    /// Rows that may stay without an end, because they are still in use.
    private static let mayBeInUse: Set = ["relais.webhook_inbox", "relais.schedule_instant"]

    private let database: PlatformDatabase

    init() throws {
        database = try PlatformDatabase()
    }

    private func insert(_ table: String, age: String?, count: Int = 1) throws {
        let insertion = try #require(Self.insertions[table], "no row is known for \(table)")
        let connection = Connection(database.ownerURL)
        // What it belongs to does not matter here.
        try connection.query("SET session_replication_role = replica")
        try connection.query(
            Statement(
                insertion + " FROM generate_series(1, $2)",
                [.inferred(age), .int(count)]
            )
        )
    }

    private func count(_ table: String) throws -> Int {
        try database.count("SELECT count(*) FROM \(table)")
    }

    @Test("Old rows of each kind are deleted; recent rows and rows in use stay")
    func rules() throws {
        let days = [
            "relais.webhook_inbox": 30, "relais.orphan_status": 1, "relais.schedule_instant": 30,
            "relais.task_total": 90, "relais.task_dead": 90, "relais.idempotency": 0,
            "relais.link_click": 400, "relais.channel_day": 731,
        ]
        #expect(Self.rules.map(\.table).sorted() == days.keys.sorted())
        for (table, days) in days {
            // A day counts from its midnight.
            let isByDay = table == "relais.channel_day"
            try insert(table, age: isByDay ? "\(days + 1) days" : "\(days) days 1 minute")
            try insert(table, age: isByDay ? "\(days - 1) days" : "\(days - 1) days 23 hours")
            if Self.mayBeInUse.contains(table) { try insert(table, age: nil) }
        }
        let run = try FunctionRun("clean-up", on: database)
        #expect(run.json["processed"]?.integer == days.count)
        #expect(run.log.contains("deleted 8 rows that were past their time"))
        for table in days.keys {
            #expect(try count(table) == (Self.mayBeInUse.contains(table) ? 2 : 1), "\(table)")
        }
        #expect(try FunctionRun("clean-up", on: database).json["processed"] == 0)
    }

    @Test("Other tables keep all rows")
    func othersStay() throws {
        try database.query(
            "INSERT INTO relais.workspace (id, name, created_at)"
                + " VALUES (gen_random_uuid(), 'w', '2000-01-01')"
        )
        try database.query(
            """
            INSERT INTO relais.task (id, queue, run_at, kind, payload, max_attempts, created_at)
            VALUES (gen_random_uuid(), 'q', '2000-01-01', 'k', '{}', 1, '2000-01-01')
            """
        )
        try database.query(
            "INSERT INTO relais.counter_history"
                + " VALUES ('k', '2000-01-01', gen_random_uuid(), 1, 1, '2000-01-02')"
        )
        try database.query(
            "INSERT INTO relais.quota_history"
                + " VALUES (gen_random_uuid(), '2000-01-01', 1, 1, '2000-02-01')"
        )
        #expect(try FunctionRun("clean-up", on: database).json["processed"] == 0)
        for table in ["workspace", "task", "counter_history", "quota_history"] {
            #expect(try count("relais.\(table)") == 1, "\(table)")
        }
    }

    @Test("One run deletes more than one batch")
    func batches() throws {
        try insert("relais.task_total", age: "1 year", count: 11_000)
        #expect(try FunctionRun("clean-up", on: database).json["processed"] == 11_000)
    }

    @Test("Concurrent runs delete everything once")
    func concurrently() throws {
        try insert("relais.task_total", age: "1 year", count: 20_000)
        runTogether(2, on: database) { _, connection in
            let rules = Self.rules.filter { $0.table == "relais.task_total" }
            _ = try Retention(connection).apply(rules, until: .now + .seconds(600), batch: 500)
        }
        #expect(try count("relais.task_total") == 0)
    }
}
