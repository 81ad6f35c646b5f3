import Accounts
import Campaigns
import Database
import FunctionContract
import HTTPClient
import Messages
import Providers
import Sending
import Testing
import Work

/// What a sender asks costs what is due, not what there is.
@Suite(.ownThread)
struct SendingPlanTests {
    private let database: MessagingDatabase
    private let owner: Connection

    init() throws {
        database = try MessagingDatabase()
        owner = try database.connectAsOwner()
    }

    /// A number that the server has counted so far, with what `connection` did.
    private func counted(_ sql: String, _ connection: Connection) throws -> Int {
        try connection.query("SELECT pg_stat_force_next_flush()")
        return try owner.query(Statement(sql))[0].get("count")
    }

    /// How often each large table was read from end to end.
    private func scans(_ connection: Connection) throws -> [String: Int] {
        try connection.query("SELECT pg_stat_force_next_flush()")
        let rows = try owner.query(
            """
            SELECT relname::text AS name, seq_scan::bigint AS count FROM pg_stat_user_tables
            WHERE relname IN ('message', 'message_reference', 'outbox', 'orphan_status', 'contact',
                'campaign')
            """
        )
        var scans: [String: Int] = [:]
        for row in rows { scans[try row.get("name")] = try row.get("count") }
        return scans
    }

    /// Another workspace with a past: 20,000 contacts, 2,000 campaigns that have ended, 40,000 old
    /// messages with their names, 20,000 messages that wait, 5,000 statuses without a message.
    private func age(_ tenant: Tenant) throws {
        let script = """
            SELECT set_config('my.workspace', '\(tenant.workspace)', false),
                set_config('my.channel', '\(tenant.channel.id)', false);
            INSERT INTO relais.contact (workspace, id, phone)
            SELECT current_setting('my.workspace')::uuid, gen_random_uuid(),
                '+229019' || lpad(place::text, 7, '0')
            FROM generate_series(1, 20000) AS place;
            INSERT INTO relais.campaign (id, workspace, channel, name, message_1, status)
            SELECT gen_random_uuid(), current_setting('my.workspace')::uuid,
                current_setting('my.channel')::uuid, 'Campagne', 'Bonjour',
                CASE WHEN place <= 5 THEN 'running' ELSE 'completed' END
            FROM generate_series(1, 2000) AS place;
            INSERT INTO relais.message (id, workspace, channel, contact, step, recipient_kind,
                recipient, body, status)
            SELECT gen_random_uuid(), workspace, current_setting('my.channel')::uuid, id, 0,
                'phone', phone, 'Bonjour',
                CASE round WHEN 1 THEN 'queued' ELSE 'read' END::relais.message_status
            FROM relais.contact, generate_series(1, 3) AS round
            WHERE workspace = current_setting('my.workspace')::uuid;
            INSERT INTO relais.message_reference
                (workspace, channel, provider_id, message, attempt)
            SELECT workspace, channel, id::text, id, 1 FROM relais.message
            WHERE workspace = current_setting('my.workspace')::uuid AND status = 'read';
            INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)
            SELECT id, workspace, channel, 2, now() FROM relais.message
            WHERE workspace = current_setting('my.workspace')::uuid AND status = 'queued';
            INSERT INTO relais.orphan_status
                (workspace, channel, provider_id, status, occurred_at)
            SELECT current_setting('my.workspace')::uuid, current_setting('my.channel')::uuid,
                'orphan ' || place, 'sent', now()
            FROM generate_series(1, 5000) AS place;
            """
        try owner.run(script: script)
    }

    @Test("a run reads no large table from end to end, with statistics and without")
    func scansNothing() throws {
        let provider = try SimulatedProvider([
            "errors": [["share": 0.2, "code": 131_000], ["share": 0.1, "code": 131_026]]
        ])
        let old = try Tenant(in: database)
        try age(old)
        _ = try old.read(
            "UPDATE relais.channel_state SET held_until = now() + interval '1 day'"
        )
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        for round in 1...2 {
            try tenant.addContacts(100, tag: "round\(round)")
            try tenant.startTransactional { $0.tags = ["round\(round)"] }
            try tenant.startTransactional { $0.tags = ["round\(round)"] }
            if round == 2 {
                try owner.run(script: "ANALYZE")
                _ = try tenant.read("UPDATE relais.outbox SET due_at = now()")
            }
            let before = try scans(tenant.connection)
            let summary = try tenant.send(for: .seconds(30))
            #expect(summary.accepted > 50)
            let after = try scans(tenant.connection)
            #expect(after == before, "round \(round)")
        }
    }

    @Test("to keep the gap between two messages only what was sent lately is looked at")
    func looksBackAShortWay() throws {
        let tenant = try Tenant(in: database) { $0.pairGap = .seconds(600) }
        try tenant.addContacts(64)
        // Ids that begin with an earlier time.
        _ = try tenant.read(
            """
            INSERT INTO relais.message
                (id, workspace, channel, contact, step, recipient_kind, recipient, body, status)
            SELECT ('01000000' || substr(gen_random_uuid()::text, 9))::uuid, workspace, $1, id, 0,
                'phone', phone, 'Bonjour', 'read'
            FROM relais.contact, generate_series(1, 300)
            """,
            .uuid(tenant.channel.id)
        )
        try tenant.start()
        try tenant.start()
        try tenant.write(on: [tenant.channel.id])
        try owner.run(script: "ANALYZE")
        let reads = """
            SELECT idx_tup_read::bigint AS count FROM pg_stat_user_indexes
            WHERE indexrelname = 'message_contact'
            """
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        let before = try counted(reads, tenant.connection)
        let claimed = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: 64, lease: .seconds(30), in: transaction)
        }
        #expect(!claimed.isEmpty)
        #expect(try counted(reads, tenant.connection) - before < 64 * 20)
        // What else waits for these people falls due when the gap has passed.
        let postponed = "SELECT FROM relais.outbox WHERE due_at > now() + interval '1 second'"
        #expect(try tenant.count(postponed) >= claimed.count)
    }
}
