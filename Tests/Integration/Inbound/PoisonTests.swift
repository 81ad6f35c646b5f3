import Accounts
import Database
import FunctionContract
import Inbound
import Testing

@Suite("Webhooks that cannot be read", .ownThread)
struct PoisonTests {
    private let post: Postman
    private var world: InboundWorld { post.world }

    init() throws {
        post = try Postman()
        // Something that no rule of ours refuses and the database does.
        try world.owner.query(
            "ALTER TABLE relais.interaction ADD CHECK (content IS DISTINCT FROM 'poison')"
        )
    }

    private func poison() throws -> Row {
        try world.owner.query(
            """
            SELECT state, attempts, error FROM relais.webhook_inbox
            WHERE convert_from(body, 'UTF8') LIKE '%poison%'
            """
        )[0]
    }

    private func letTimePass() throws { try world.letTimePass() }

    @Test("One that fails is put away after three tries and holds up nobody")
    func fails() throws {
        let bodies = (0..<10).map { number in
            post.meta.text(
                "wamid.\(number)",
                from: "2299000000\(number)",
                number == 4 ? "poison" : "good"
            )
        }
        let first = try post.bring(bodies)
        #expect(first["processed"] == 10)
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 9)
        #expect(try poison().get("state") == "delayed")
        try post.bring(post.meta.text("wamid.x", from: "22990000077", "later"))
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 10)
        #expect(try poison().get("attempts", as: Int.self) == 1)
        try letTimePass()
        try post.bring([])
        #expect(try poison().get("state") == "delayed")
        try letTimePass()
        try post.bring([])
        #expect(try poison().get("state") == "failed")
        #expect(try poison().get("attempts", as: Int.self) == 3)
        #expect(try poison().get("error", as: String.self).contains("check constraint"))
        try letTimePass()
        #expect(try post.bring([])["processed"] == 0)
    }

    @Test("One that is larger than the database takes is put away like any other")
    func tooLarge() throws {
        try world.owner.query("CREATE INDEX ON relais.interaction (content)")
        var random = SystemRandomNumberGenerator()
        let text = (0..<500).map { _ in "\(UInt64.random(in: .min ... .max, using: &random))" }
        let body = post.meta.text("wamid.1", from: "22990000001", "poison" + text.joined())
        let reply = try post.bring(body, post.meta.text("wamid.2", from: "22990000002", "good"))
        #expect(reply["processed"] == 2)
        #expect(try poison().get("state") == "delayed")
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 1)
    }

    @Test("One that fails for a passing reason is read later")
    func recovers() throws {
        try post.bring(post.meta.text("wamid.1", from: "22990000001", "poison"))
        try world.owner.query(
            "ALTER TABLE relais.interaction DROP CONSTRAINT interaction_content_check"
        )
        try letTimePass()
        try post.bring([])
        #expect(try poison().get("state") == "done")
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 1)
    }

    @Test("One whose readers end over and over is put away, and those behind it are read")
    func endsItsReaders() throws {
        let webhook = try ChildProcess.stream("inbound-webhook", world.database.environment)
        defer { webhook.end() }
        for number in 0..<3 {
            let body = post.meta.text(
                "wamid.\(number)",
                from: "2299000000\(number)",
                "poison\(number)"
            )
            try webhook.deliver(SignedWebhook(body), to: world.channel)
        }
        try world.owner.query(
            """
            UPDATE relais.webhook_inbox SET claims = 20, lease_until = now()
            WHERE convert_from(body, 'UTF8') LIKE '%poison0%'
            """
        )
        try post.bring([])
        #expect(
            try world.text(
                "SELECT string_agg(state, ' ' ORDER BY state) FROM relais.webhook_inbox"
            ) == "done done failed"
        )
        #expect(
            try world.text("SELECT error FROM relais.webhook_inbox WHERE state = 'failed'")?
                .contains("ended before") == true
        )
    }

    @Test("One of each kind of poison before a hundred good ones holds up none of them")
    func kinds() throws {
        try world.owner.query("CREATE INDEX ON relais.interaction (content)")
        var random = SystemRandomNumberGenerator()
        let long = (0..<500).map { _ in "\(UInt64.random(in: .min ... .max, using: &random))" }
        let text = { (id: String, words: String) in
            post.meta.text("wamid.\(id)", from: "22990000001", words)
        }
        try world.keep([
            text("unknown provider", "a"), "{", text("long", long.joined()),
            text("constraint", "poison"), text("undecodable", "a"),
        ])
        try world.owner.query(
            """
            UPDATE relais.webhook_inbox SET provider = 'telegram'
            WHERE convert_from(body, 'UTF8') LIKE '%unknown provider%'
            """
        )
        // The last of all times, which no program of ours can tell: a line of its own.
        let lone = try InboundWorld(in: world.database, workspace: world.workspace)
        try world.owner.query(
            """
            UPDATE relais.webhook_inbox SET channel = $1, received_at = '294276-12-31'
            WHERE convert_from(body, 'UTF8') LIKE '%undecodable%'
            """,
            .uuid(lone.channel.id)
        )
        // Nothing of the secrets of a channel is needed to read what was proved.
        let locked = try InboundWorld(in: world.database, workspace: world.workspace)
        try world.owner.query(
            "UPDATE relais.channel SET access = '', webhook = '' WHERE id = $1",
            .uuid(locked.channel.id)
        )
        let good = { (number: Int) in text("good\(number)", "good") }
        try world.keep((0..<99).map(good))
        try locked.keep([
            MetaWebhook(channel: locked.channel).text("wamid.l", from: "22990000002", "good")
        ])
        try post.bring([])
        #expect(
            try world.count("SELECT count(*) FROM relais.interaction WHERE content = 'good'") == 100
        )
        #expect(try world.webhooks("delayed") == 5)
        let errors = try world.owner.query(
            "SELECT error FROM relais.webhook_inbox WHERE state = 'delayed' AND attempts = 1"
        ).map { try $0.get("error", as: String.self) }
        for words in ["telegram", "webhook body", "index row", "check constraint", "received_at"] {
            #expect(errors.contains { $0.contains(words) }, "\(words) in \(errors)")
        }
    }

    /// The second of three webhooks does not fit into one part, the third not at all.
    @Test("Those behind one that fails are read in the same run, however long the lease")
    func releasesTheRest() throws {
        let meta = post.meta
        try world.keep([
            meta.text("wamid.p", from: "22990000001", "poison"),
            meta.texts(300, from: 300),
            meta.text("wamid.last", from: "22990000002", "good"),
        ])
        var reader = Reader(world.database.connect())
        let report = try reader.readAll(lease: .seconds(3_600), until: { false })
        #expect(report.processed == 2 && report.failed == 1)
        #expect(try world.webhooks("done") == 2)
        #expect(try poison().get("state") == "delayed")
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 301)
    }

    @Test("While the events around one that fails are read, their webhooks stay their reader's")
    func staysClaimed() throws {
        try world.owner.run(
            script: """
                CREATE FUNCTION relais.linger() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.content = 'slow' THEN PERFORM pg_advisory_xact_lock(4711); END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER linger BEFORE INSERT ON relais.interaction
                    FOR EACH ROW EXECUTE FUNCTION relais.linger();
                """
        )
        let messages = ["good", "poison", "good", "slow", "good"].enumerated().map {
            #"{"id":"wamid.\#($0)","from":"2299000000\#($0)","timestamp":"\#(MetaWebhook.now)","#
                + #""type":"text","text":{"body":"\#($1)"}}"#
        }
        try world.keep([
            post.meta.body(#""messages":[\#(messages.joined(separator: ","))]"#),
            post.meta.text("wamid.next", from: "22990000009", "good"),
        ])
        let database = world.database
        var reader: BackgroundThread?
        try database.connectAsOwner().transaction { (transaction) throws(DatabaseError) in
            try transaction.query("SELECT pg_advisory_xact_lock(4711)")
            reader = BackgroundThread {
                var reader = Reader(database.connect(), partLimit: .seconds(600))
                do {
                    _ = try reader.readAll(lease: .seconds(3_600), until: { false })
                } catch { Issue.record(error) }
            }
            do {
                try TurnTests.wait(for: world)
                #expect(try world.count("SELECT max(read_count) FROM relais.webhook_inbox") > 1)
                let free = "SELECT count(*) FROM relais.webhook_inbox WHERE lease_until IS NULL"
                #expect(try world.count(free) == 0)
            } catch { Issue.record(error) }
        }
        reader?.join()
        #expect(try world.webhooks("done") == 1)
        #expect(try poison().get("state") == "delayed")
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 5)
    }

    @Test("One that a newer program may read is not put away soon")
    func newerProvider() throws {
        try world.keep([post.meta.text("wamid.1", from: "22990000001", "a")])
        try world.owner.query("UPDATE relais.webhook_inbox SET provider = 'telegram'")
        for _ in 0..<4 {
            try post.bring([])
            #expect(try world.webhooks("delayed") == 1)
            try world.letTimePass()
        }
        try world.owner.query("UPDATE relais.webhook_inbox SET provider = 'meta'")
        try post.bring([])
        #expect(try world.webhooks("done") == 1)
    }

    @Test("A reader whose lease ran out changes nothing")
    func lostLease() throws {
        try world.owner.run(
            script: """
                CREATE FUNCTION relais.steal() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    UPDATE relais.webhook_inbox SET lease_token = lease_token + 1;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER steal BEFORE INSERT ON relais.interaction
                    FOR EACH ROW EXECUTE FUNCTION relais.steal();
                """
        )
        let reply = try post.bring(post.meta.text("wamid.1", from: "22990000001", "a"))
        #expect(reply["processed"] == 0)
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 0)
        #expect(try world.count("SELECT count(*) FROM relais.contact") == 0)
        try world.owner.query("DROP TRIGGER steal ON relais.interaction")
        try letTimePass()
        try post.bring([])
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 1)
    }
}
