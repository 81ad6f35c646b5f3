import Accounts
import Database
import FunctionContract
import Providers
import Testing

/// Messages leave when they fall due because the platform looks for them: no schedule helps.
@Suite(.ownThread)
struct DueMessageTests {
    private let database: MessagingDatabase
    private let folder: FunctionFolder

    init() throws {
        database = try MessagingDatabase()
        folder = try FunctionFolder()
    }

    private var environment: [String: String] {
        [
            "DATABASE_URL": database.url, "RELAIS_MASTER_KEYS": Tenant.masterKeys,
            "RELAIS_ALLOWED_NETWORKS": "127.0.0.0/8",
        ]
    }

    private func serve() throws -> Runner { try Runner(folder, environment: environment) }

    @Test("a retry that is due in two seconds leaves in two seconds")
    func leavesInTime() throws {
        try folder.add(
            SampleFunction(
                "send-batch",
                manifest: """
                    {
                      "triggers": [{ "queue": { "name": "send" } }], "timeoutSeconds": 60,
                      "environment": ["DATABASE_URL", "RELAIS_MASTER_KEYS", "RELAIS_ALLOWED_NETWORKS"]
                    }
                    """
            )
        )
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        try tenant.addContacts(2)
        try tenant.startTransactional()
        let runner = try serve()
        defer { runner.end() }
        try runner.waitUntil("messages") { try provider.taken == 2 }
        // The second round: as if the provider had asked to try again a moment later.
        for contact in try tenant.addContacts(1, tag: "late") {
            _ = try tenant.read(
                """
                INSERT INTO relais.conversation (workspace, contact, channel, last_inbound_at)
                VALUES ($1, $2, $3, now())
                """,
                .uuid(tenant.workspace),
                .uuid(contact),
                .uuid(tenant.channel.id)
            )
        }
        let began = ContinuousClock.now
        try tenant.connection.transaction(
            TransactionOptions(identity: tenant.identity),
            [
                Statement(
                    """
                    WITH message AS (
                        INSERT INTO relais.message
                            (id, workspace, channel, contact, step, recipient_kind, recipient, body)
                        SELECT gen_random_uuid(), workspace, $1, id, 0, 'phone', phone, 'Bonjour'
                        FROM relais.contact WHERE 'late' = ANY (tags) RETURNING id, workspace
                    )
                    INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)
                    SELECT id, workspace, $1, 0, statement_timestamp() + interval '2 seconds'
                    FROM message
                    """,
                    .uuid(tenant.channel.id)
                )
            ]
        )
        try runner.waitUntil("the retry") { try provider.taken == 3 }
        #expect(ContinuousClock.now - began >= .seconds(2))
        // Schedules go by the minute.
        #expect(ContinuousClock.now - began < .seconds(30))
    }

    @Test("a paused channel and one that waits cause no calls; the operator sees the backlog")
    func restsWhileItMust() throws {
        for queue in ["send", "probe"] {
            try folder.add(.clerk(queue, triggers: SampleFunction.queue(queue)))
            try folder.order(queue, #"{"processed":1}"#)
        }
        let paused = try Tenant(in: database)
        try paused.addContacts(30)
        try paused.startTransactional()
        let resting = try Tenant(in: database)
        try resting.addContacts(20)
        try resting.startTransactional()
        _ = try paused.read("UPDATE relais.channel SET status = 'paused'")
        _ = try resting.read(
            "UPDATE relais.channel_state SET held_until = now() + interval '1 hour'"
        )
        let runner = try serve()
        defer { runner.end() }
        // Three times a task in another queue is found: so often at least it looked.
        let owner = try database.connectAsOwner()
        for count in 1...3 {
            try owner.query(
                """
                INSERT INTO relais.task (id, queue, run_at, kind, payload, max_attempts)
                VALUES (gen_random_uuid(), 'probe', now(), 'test', '{}', 1)
                """
            )
            try runner.waitUntil("look \(count)") { folder.events("probe").count >= count }
            try owner.query("DELETE FROM relais.task")
        }
        #expect(folder.events("send").isEmpty)
        let tasks = try CommandRun(["tasks"], in: folder, environment: environment)
        let words = tasks.output.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(Array(words[0].prefix(2)) == ["QUEUE", "READY"])
        #expect(Array(words[1].prefix(4)) == ["send", "0", "0", "50"], "\(tasks.complaint)")
        _ = try paused.read("UPDATE relais.channel SET status = 'active'")
        try runner.waitUntil("call") { !folder.events("send").isEmpty }
    }
}
