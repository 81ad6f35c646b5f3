import Campaigns
import Database
import HTTPClient
import Inbound
import Messages
import Networks
import NumberChecks
import Security
import Testing
import Work

/// Timers cost what is due, not what exists: none reads a large table from one end to the other.
@Suite(
    "Query plans of the timers",
    .ownThread,
    .enabled(if: PostgresFixture.isDirect)
)
struct TimerPlanTests {
    private let database: PlatformDatabase
    private let connection: Connection

    init() throws {
        database = try PlatformDatabase()
        connection = database.connect()
    }

    /// Five hundred workspaces with a past, in which little is due.
    private func fill() throws {
        let owner = Connection(database.ownerURL)
        try owner.run(script: "SET session_replication_role = replica; \(Self.past) ANALYZE;")
        try owner.query("SELECT pg_stat_force_next_flush()")
    }

    private static let past = """
        INSERT INTO relais.workspace (id, name) SELECT md5('w' || n)::uuid, 'w'
        FROM generate_series(1, 500) AS n;
        INSERT INTO relais.channel (id, workspace, name, provider, base_url, external_id, access,
            webhook, interval_us, burst, daily_cap, timezone)
        SELECT md5('c' || n)::uuid, md5('w' || n)::uuid, 'c', 'waha', 'https://x', n::text, '', '',
            1000, 1, 1000, 'UTC'
        FROM generate_series(1, 200) AS n;
        INSERT INTO relais.campaign (id, workspace, channel, name, message_1, status, scheduled_at,
            completed_at)
        SELECT md5('k' || n)::uuid, md5('w' || n % 200 + 1)::uuid, md5('c' || n % 200 + 1)::uuid,
            'k', 'x', CASE WHEN n <= 1000 THEN 'running' ELSE 'completed' END, now(),
            CASE WHEN n > 1000 THEN now() - interval '9 days' END
        FROM generate_series(1, 6000) AS n;
        INSERT INTO relais.contact (workspace, id, phone, whatsapp_verified)
        SELECT md5('w' || n % 200 + 1)::uuid, md5('p' || n)::uuid, '+229' || 1000000 + n, true
        FROM generate_series(1, 100000) AS n;
        INSERT INTO relais.message (id, workspace, channel, campaign, contact, step, recipient_kind,
            recipient, body, status)
        SELECT md5('m' || n)::uuid, md5('w' || n % 200 + 1)::uuid, md5('c' || n % 200 + 1)::uuid,
            md5('k' || n % 6000 + 1)::uuid, md5('p' || n)::uuid, 1, 'phone', '+229', 'x', 'sent'
        FROM generate_series(1, 100000) AS n;
        INSERT INTO relais.outbox (message, workspace, lane, priority, due_at, state, attempt,
            lease_until)
        SELECT md5('m' || n)::uuid, md5('w' || (n + 1) % 200 + 1)::uuid, md5('k' || n % 1000 + 1)::uuid, 2,
            now(), CASE WHEN n > 90000 THEN 'parked' ELSE 'ready' END, 1,
            CASE WHEN n > 90000 THEN 'infinity'::timestamptz END
        FROM generate_series(1, 100000) AS n;
        UPDATE relais.outbox SET state = 'sending', lease_until = now() - interval '1 minute'
        WHERE message IN (SELECT md5('m' || n)::uuid FROM generate_series(1, 20) AS n);
        INSERT INTO relais.orphan_status (workspace, channel, provider_id, status, occurred_at)
        SELECT md5('w' || n % 200 + 1)::uuid, md5('c' || n % 200 + 1)::uuid, n::text, 'read', now()
        FROM generate_series(1, 5000) AS n;
        INSERT INTO relais.counter (key, day, workspace, timezone, used, cap, granted)
        SELECT 'k' || n, current_date + 1, md5('w' || n % 500)::uuid,
            (ARRAY['UTC', 'Europe/Paris', 'Africa/Libreville'])[n % 3 + 1], 1, 1, 1
        FROM generate_series(1, 50000) AS n;
        INSERT INTO relais.counter (workspace, key, day, timezone, used, cap, granted)
        SELECT md5('w1')::uuid, 'old', current_date - n, 'UTC', 1, 1, 1
        FROM generate_series(2, 9) AS n;
        INSERT INTO relais.quota_period (workspace, starts_on, used, granted)
        SELECT md5('q' || n)::uuid, current_date, 1, 1 FROM generate_series(1, 50000) AS n;
        INSERT INTO relais.schedule_instant (name, instant, state, runner, lease_until, finished_at)
        SELECT 's', now() - interval '1 minute' * n, 'done', 'r', now(), now()
        FROM generate_series(1, 40000) AS n;
        INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body, state,
            processed_at)
        SELECT md5('i' || n)::uuid, md5('w1')::uuid, md5('c1')::uuid, 'waha', n::text, '', 'done',
            now()
        FROM generate_series(1, 50000) AS n;
        INSERT INTO relais.task (id, queue, run_at, workspace, kind, payload, max_attempts)
        SELECT md5('t' || n)::uuid, 'other', now(), md5('w' || n % 500 + 1)::uuid, 'k', '{}', 9
        FROM generate_series(1, 50000) AS n;
        INSERT INTO relais.task_dead (id, queue, priority, kind, payload, attempts, max_attempts,
            lease_token, reason, created_at)
        SELECT md5('d' || n)::uuid, 'other', 2, 'k', '{}', 1, 1, 1, 'refused', now()
        FROM generate_series(1, 20000) AS n;
        INSERT INTO relais.task_total (queue, hour, done, retried, dead)
        SELECT 'q' || n, now(), 1, 1, 1 FROM generate_series(1, 20000) AS n;
        INSERT INTO relais.idempotency (workspace, caller, key, digest, lease_until, expires_at)
        SELECT md5('w1')::uuid, 'c', n::text, decode(repeat('00', 32), 'hex'), now(),
            now() + interval '1 day'
        FROM generate_series(1, 20000) AS n;
        """

    /// Tables that a tenant may fill.
    private static let large = [
        "contact", "counter", "idempotency", "message", "orphan_status", "outbox", "quota_period",
        "schedule_instant", "task", "task_dead", "task_total", "webhook_inbox",
    ]

    /// Rows of large tables that were read from one end to the other so far, by table.
    private func swept() throws -> [String: Int] {
        try connection.query("SELECT pg_stat_force_next_flush()")
        let rows = try database.query(
            """
            SELECT relname::text AS name, seq_tup_read AS rows FROM pg_stat_user_tables
            WHERE schemaname = 'relais' AND relname = ANY ($1)
            """,
            .texts(Self.large)
        )
        var swept: [String: Int] = [:]
        for row in rows { swept[try row.get("name")] = try row.get("rows") }
        return swept
    }

    @Test("No timer scans a large table")
    func plans() throws {
        try fill()
        let end = ContinuousClock.now + .seconds(6_000)
        let clock = CampaignClock(connection)
        let rules = Retention.rules + Retention.ofWebhooks + Retention.ofDeliveries
        let checker = NumberChecker(
            connection,
            HTTPClient(egress: .loopback),
            try SealedSecrets(masterKeys: Tenant.masterKeys)
        )
        let timers: [(name: String, run: () throws -> Int)] = [
            ("control", { try clock.control(until: end).problems.count }),
            ("settle", { try clock.settle(until: end).problems.count }),
            ("verify", { try checker.run(until: end).problems.count }),
            ("days", { try Counters(connection).closeDays().problems.count }),
            ("months", { try Quotas(connection).renew().problems.count }),
            (
                "retention",
                {
                    try Retention(connection).apply(rules, until: end).problems.count
                }
            ),
            ("tasks", { try Tasks(connection).sweep().problems.count }),
            (
                "schedules",
                {
                    try Schedules(connection).sweep()
                    return 0
                }
            ),
            (
                "look",
                {
                    _ = try Queues(connection).look(at: ["campaigns", "settle", "verify"])
                    return 0
                }
            ),
        ]
        for timer in timers {
            let before = try swept()
            #expect(before.count == Self.large.count)
            #expect(try timer.run() == 0, "\(timer.name)")
            for (table, rows) in try swept() where rows > before[table, default: 0] {
                Issue.record("\(timer.name) read \(rows - before[table, default: 0]) of \(table)")
            }
        }
        #expect(
            try database.count("SELECT count(*) FROM relais.outbox WHERE state = 'unknown'") == 20
        )
        #expect(try database.count("SELECT count(*) FROM relais.counter WHERE key = 'old'") == 0)
    }
}
