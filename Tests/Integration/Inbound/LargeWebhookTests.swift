import Accounts
import Database
import FunctionContract
import Glibc
import Testing

@Suite("Webhooks of many events", .ownThread)
struct LargeWebhookTests {
    private let database: InboundDatabase
    private let world: InboundWorld

    init() throws {
        database = try InboundDatabase()
        world = try InboundWorld(in: database)
    }

    @Test("One of 20,000 messages is recorded whole, and others are read meanwhile")
    func recordsWhole() throws {
        let quiet = try InboundWorld(in: database)
        let contact = try quiet.addContact("+22990000001")
        let webhook = try ChildProcess.stream("inbound-webhook", database.environment)
        defer { webhook.end() }
        let body = MetaWebhook(channel: world.channel).texts(20_000, from: 4_000)
        #expect(try webhook.deliver(SignedWebhook(body), to: world.channel)["statusCode"] == 200)
        let stop = MetaWebhook(channel: quiet.channel).text("w", from: "22990000001", "STOP")
        #expect(try webhook.deliver(SignedWebhook(stop), to: quiet.channel)["statusCode"] == 200)
        let reader = try ChildProcess.stream("process-inbound", database.environment)
        defer { reader.end() }
        let start = ContinuousClock.now
        var stopTime: Duration?
        reader.feedWake(deadline: .seconds(900))
        try reader.wait("the end of the large one", within: .seconds(900)) {
            if try stopTime == nil && quiet.webhooks("done") == 1 {
                stopTime = ContinuousClock.now - start
            }
            return try world.webhooks("done") == 1 ? true : nil
        }
        print("STOP after \(stopTime ?? .zero), 20,000 messages after", ContinuousClock.now - start)
        #expect(
            try world.count(
                "SELECT count(DISTINCT provider_id) FROM relais.interaction WHERE workspace = $1",
                .uuid(world.workspace)
            ) == 20_000
        )
        #expect(
            try quiet.text("SELECT status FROM relais.contact WHERE id = $1", .uuid(contact))
                == "unsubscribed"
        )
        let isFirst = try world.text(
            """
            SELECT quiet.processed_at < large.processed_at
            FROM relais.webhook_inbox AS quiet, relais.webhook_inbox AS large
            WHERE quiet.workspace = $1 AND large.workspace = $2
            """,
            .uuid(quiet.workspace),
            .uuid(world.workspace)
        )
        #expect(isFirst == "true")
    }

    @Test("A reader that is killed in the middle leaves the rest, and nothing is doubled")
    func resumes() throws {
        let campaign = try world.addCampaign()
        try world.addMessage("wamid.1", to: world.addContact("+22990100000"), of: campaign)
        try world.keep([MetaWebhook(channel: world.channel).texts(1_500, from: 300)])
        let killed = try ChildProcess.stream("process-inbound", database.environment)
        killed.feedWake()
        let progress = "SELECT max(read_count) FROM relais.webhook_inbox"
        try killed.wait("a first part") { try world.count(progress) > 0 ? true : nil }
        killed.send(SIGKILL)
        _ = try killed.waitForExit()
        killed.end()
        let reader = try ChildProcess.stream("process-inbound", database.environment)
        defer { reader.end() }
        try reader.wait("the rest") {
            try world.letTimePass()
            try reader.wake()
            return try world.webhooks("done") == 1 ? true : nil
        }
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 1_500)
        #expect(try world.count("SELECT count(*) FROM relais.contact") == 300)
        #expect(try world.count("SELECT count(*) FROM relais.message WHERE step = 2") == 1)
        #expect(
            try world.count("SELECT count(*) FROM relais.webhook_inbox WHERE event_count = 1500")
                == 1
        )
    }

    @Test("What cannot be read of it is passed over, and told")
    func passesOver() throws {
        try world.owner.query(
            "ALTER TABLE relais.interaction ADD CHECK (provider_id IS DISTINCT FROM 'wamid.l7')"
        )
        try world.keep([MetaWebhook(channel: world.channel).texts(600, from: 600)])
        let reader = try ChildProcess.stream("process-inbound", database.environment)
        defer { reader.end() }
        for round in 1...3 {
            #expect(try reader.wake()["processed"] == 1)
            #expect(try world.count("SELECT count(*) FROM relais.interaction") == 599)
            #expect(try world.webhooks(round < 3 ? "delayed" : "failed") == 1)
            try world.letTimePass()
        }
        let error = try world.text("SELECT error FROM relais.webhook_inbox")
        #expect(error?.contains("check constraint") == true)
    }

    @Test("The locks that a reader holds are bounded, whoever writes")
    func locks() throws {
        try world.owner.run(
            script: """
                CREATE TABLE relais.probe (held bigint);
                CREATE FUNCTION relais.probe() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
                $$
                BEGIN
                    INSERT INTO relais.probe SELECT count(*) FROM pg_locks
                    WHERE locktype = 'advisory' AND pid = pg_backend_pid();
                    RETURN NULL;
                END $$;
                CREATE TRIGGER probe AFTER INSERT ON relais.interaction
                    FOR EACH STATEMENT EXECUTE FUNCTION relais.probe();
                """
        )
        let meta = MetaWebhook(channel: world.channel)
        try world.keep([meta.texts(1_000, from: 1_000)])
        let reader = try ChildProcess.stream("process-inbound", database.environment)
        defer { reader.end() }
        #expect(try reader.wake()["processed"] == 1)
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 1_000)
        #expect(try world.count("SELECT max(held) FROM relais.probe") <= 512)
        #expect(try world.count("SELECT max(held) FROM relais.probe") > 0)
    }
}
