import Accounts
import Campaigns
import Database
import FunctionContract
import HTTPClient
import Messages
import Networks
import NumberChecks
import Providers
import Testing
import Work

/// One item that cannot be worked on stands before a hundred that can, in every timer.
@Suite("One bad item does not stop a hundred good ones", .ownThread)
struct PoisonedItemTests {
    private let database: PlatformDatabase

    init() throws {
        database = try PlatformDatabase()
    }

    /// Whatever happens to such a row fails, with the word `poisoned`.
    private func poison(
        _ table: String,
        before event: String,
        when condition: String
    ) throws {
        try Connection(database.ownerURL).run(
            script: """
                CREATE OR REPLACE FUNCTION relais.poison() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$;
                CREATE TRIGGER poison BEFORE \(event) ON relais.\(table)
                FOR EACH ROW WHEN (\(condition)) EXECUTE FUNCTION relais.poison();
                """
        )
    }

    /// Runs the script without a look at what the rows belong to.
    private func insert(_ script: String) throws {
        let owner = Connection(database.ownerURL)
        try owner.run(script: "SET session_replication_role = replica; \(script)")
    }

    private var end: ContinuousClock.Instant { .now + .seconds(6_000) }

    @Test("Campaigns start; one that cannot shows the reason and finally fails")
    func starts() throws {
        let tenant = try Tenant(in: MessagingDatabase(database))
        try tenant.addContacts(1)
        let poisoned = UUID.v7()
        try poison("message", before: "INSERT", when: "NEW.campaign = '\(poisoned)'")
        try insert(
            """
            INSERT INTO relais.campaign (id, workspace, channel, name, message_1, tags, status,
                scheduled_at)
            SELECT CASE place WHEN 0 THEN '\(poisoned)' ELSE gen_random_uuid() END,
                '\(tenant.workspace)', '\(tenant.channel.id)', 'C', 'Bonjour', '{vip}', 'scheduled',
                now() - interval '1 minute' * (200 - place)
            FROM generate_series(0, 100) AS place
            """
        )
        let report = try tenant.control()
        #expect(report.started.count == 100 && !report.hasMore)
        #expect(report.problems.count == 1 && report.problems[0].contains("poisoned"))
        let waiting = try #require(try tenant.campaigns.find(poisoned))
        #expect(waiting.status == .scheduled && waiting.reason?.code == "not_yet_started")
        #expect(try tenant.control().started.isEmpty)
        try database.query(
            "UPDATE relais.task SET attempts = 4, run_at = now() - interval '1 second'"
        )
        #expect(try tenant.control().problems.count == 1)
        let failed = try #require(try tenant.campaigns.find(poisoned))
        #expect(failed.status == .failed && failed.reason?.code == "not_started")
        #expect(failed.reason?.detail?.contains("poisoned") == true)
        #expect(try database.count("SELECT count(*) FROM relais.task") == 0)
    }

    @Test("Finished campaigns are completed")
    func completes() throws {
        let tenant = try Tenant(in: MessagingDatabase(database))
        let poisoned = UUID.v7()
        try insert(
            """
            INSERT INTO relais.campaign (id, workspace, channel, name, message_1, status)
            SELECT CASE place WHEN 0 THEN '\(poisoned)' ELSE gen_random_uuid() END,
                '\(tenant.workspace)', '\(tenant.channel.id)', 'C', 'Bonjour', 'running'
            FROM generate_series(0, 100) AS place
            """
        )
        try poison("campaign", before: "UPDATE", when: "OLD.id = '\(poisoned)'")
        let report = try tenant.control()
        #expect(report.completed.count == 100)
        #expect(report.problems.count == 1 && report.problems[0].contains("poisoned"))
        #expect(try tenant.control().completed.isEmpty)
        #expect(
            try database.text("SELECT last_error FROM relais.task")?.contains("poisoned") == true
        )
    }

    @Test("Workspaces are settled")
    func settles() throws {
        let poisoned = UUID.v7()
        try insert(
            """
            CREATE TEMP TABLE item AS
            SELECT gen_random_uuid() AS id,
                CASE place WHEN 0 THEN '\(poisoned)' ELSE gen_random_uuid() END AS workspace
            FROM generate_series(0, 100) AS place;
            INSERT INTO relais.message (id, workspace, channel, contact, step, recipient_kind,
                recipient, body)
            SELECT id, workspace, id, id, 0, 'phone', '+22990000000', 'Bonjour' FROM item;
            INSERT INTO relais.outbox (message, workspace, lane, priority, due_at, state, attempt,
                lease_until)
            SELECT id, workspace, id, 0, now(), 'sending', 1, now() - interval '1 minute' FROM item
            """
        )
        try poison("outbox", before: "UPDATE", when: "OLD.workspace = '\(poisoned)'")
        let clock = CampaignClock(database.connect())
        let report = try clock.settle(until: end)
        #expect(report.settlement.unknown == 100 && !report.hasMore)
        // A slow run may try the bad one again.
        #expect(!report.problems.isEmpty)
        #expect(report.problems.allSatisfy { $0.contains("\(poisoned)") }, "\(report.problems)")
        #expect(try clock.settle(until: end).settlement.unknown == 0)
    }

    @Test("Numbers are checked on all other channels")
    func verifies() throws {
        let inbound = try InboundDatabase()
        let server = ScriptedServer { _ in
            .answer(ScriptedServer.ok(#"{"exists":true,"wid":"1@c.us"}"#))
        }
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)"
        let poisoned = try InboundWorld(.wassenger, in: inbound, baseURL: url)
        try poisoned.owner.query("UPDATE relais.channel SET access = '\\x00'")
        try poisoned.addContact("+22990000001")
        let healthy = try InboundWorld(.wassenger, in: inbound, baseURL: url)
        try healthy.owner.query(
            """
            INSERT INTO relais.contact (workspace, id, phone)
            SELECT $1, gen_random_uuid(), '+2299' || (1000000 + place)
            FROM generate_series(1, 100) AS place
            """,
            .uuid(healthy.workspace)
        )
        let checker = NumberChecker(
            inbound.connect(),
            HTTPClient(egress: .loopback),
            try inbound.secrets,
            pace: RateLimit(1000, per: .seconds(1), burst: 100)
        )
        let report = try checker.run(until: end)
        #expect(report.answered == 100)
        #expect(report.problems.count == 1 && report.problems[0].contains("\(poisoned.workspace)"))
        let tasks =
            "SELECT string_agg(workspace::text, ' ') FROM relais.task WHERE last_error <> ''"
        #expect(try healthy.text(tasks) == poisoned.workspace.description)
    }

    @Test("Days and months are closed despite a broken time zone or counter")
    func closes() throws {
        try insert(
            """
            ALTER TABLE relais.counter DROP CONSTRAINT counter_timezone_check;
            ALTER TABLE relais.workspace DROP CONSTRAINT workspace_timezone_check;
            INSERT INTO relais.counter (workspace, key, day, timezone, used, cap, granted)
            SELECT gen_random_uuid(), 'c' || place, current_date - 9,
                CASE place WHEN 0 THEN 'Aaa/Nowhere' ELSE 'UTC' END, 1, 1, 1
            FROM generate_series(0, 100) AS place;
            INSERT INTO relais.workspace (id, name, timezone)
            SELECT gen_random_uuid(), 'w',
                CASE place WHEN 0 THEN 'Aaa/Nowhere' ELSE 'UTC' END
            FROM generate_series(0, 100) AS place;
            INSERT INTO relais.quota_period (workspace, starts_on, used, quota, granted)
            SELECT id, current_date - 90, 1, 1, 1 FROM relais.workspace
            """
        )
        try poison("counter_history", before: "INSERT", when: "NEW.key = 'c50'")
        let run = try FunctionRun("quota-reset", on: database)
        #expect(run.json["processed"] == 199)
        for words in ["the day in Aaa/Nowhere", "of c50: poisoned", "of workspace"] {
            #expect(run.log.contains(words), "\(words)")
        }
        #expect(try database.count("SELECT count(*) FROM relais.counter") == 2)
        #expect(try database.count("SELECT count(*) FROM relais.quota_period") == 1)
    }

    @Test("Expired rows are deleted")
    func cleansUp() throws {
        try insert(
            """
            INSERT INTO relais.task_total
            SELECT CASE place WHEN 0 THEN 'poison' ELSE 'q' || place END,
                now() - interval '1 year' + interval '1 hour' * place, 1, 1, 1
            FROM generate_series(0, 100) AS place
            """
        )
        try poison("task_total", before: "DELETE", when: "OLD.queue = 'poison'")
        let run = try FunctionRun("clean-up", on: database)
        #expect(run.json["processed"] == 100)
        #expect(run.log.contains("relais.task_total, row 1 by age: poisoned"))
        #expect(try database.count("SELECT count(*) FROM relais.task_total") == 1)
    }

    @Test("Expired tasks become dead letters")
    func recovers() throws {
        try insert(
            """
            INSERT INTO relais.task (id, queue, run_at, kind, payload, max_attempts, expires_at)
            SELECT gen_random_uuid(), CASE place WHEN 0 THEN 'poison' ELSE 'q' END, now(), 'k', '{}',
                3, now() - interval '1 minute' * (200 - place)
            FROM generate_series(0, 100) AS place
            """
        )
        try poison("task_dead", before: "INSERT", when: "NEW.queue = 'poison'")
        let run = try FunctionRun("recover-stalled", on: database)
        #expect(run.json["processed"] == 100)
        #expect(run.log.contains("poisoned"))
        #expect(try database.count("SELECT count(*) FROM relais.task") == 1)
    }
}
