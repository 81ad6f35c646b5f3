import Accounts
import Database
import FunctionContract
import Glibc
import Inbound
import Testing

@Suite("Readers share their time among workspaces", .ownThread)
struct TurnTests {
    private let database: InboundDatabase

    init() throws {
        database = try InboundDatabase()
    }

    private func flood(_ world: InboundWorld, _ count: Int) throws {
        let meta = MetaWebhook(channel: world.channel)
        try world.keep(
            (0..<count).map { meta.text("wamid.\($0)", from: "22990\(100_000 + $0 % 50)", "a") }
        )
    }

    /// Five workspaces with a flood and one with an older and larger one, and two readers at work.
    @Test("A quiet workspace is next, whatever waits for the others")
    func quietIsNext() throws {
        let oldest = try InboundWorld(in: database)
        try flood(oldest, 2_000)
        for _ in 0..<5 { try flood(InboundWorld(in: database), 600) }
        let quiet = try InboundWorld(in: database)
        let contact = try quiet.addContact("+22990000001")
        let readers = try (0..<2).map { _ in
            try ChildProcess.stream("process-inbound", database.environment)
        }
        defer { for reader in readers { reader.end() } }
        for reader in readers { reader.feedWake(deadline: .seconds(600)) }
        let done = "SELECT count(*) FROM relais.webhook_inbox WHERE state = 'done'"
        try readers[0].wait("some turns") { try quiet.count(done) > 400 ? true : nil }
        try quiet.keep([
            MetaWebhook(channel: quiet.channel).text("w", from: "22990000001", "STOP")
        ])
        for reader in readers {
            #expect(try reader.line(within: .seconds(600)) != nil)
        }
        #expect(
            try quiet.text("SELECT status FROM relais.contact WHERE id = $1", .uuid(contact))
                == "unsubscribed"
        )
        // The parts that the readers had in hand, and those that they claimed at that moment.
        let before = try quiet.count(
            """
            SELECT count(*)
            FROM relais.webhook_inbox AS flood, relais.webhook_inbox AS quiet
            WHERE quiet.workspace = $1 AND flood.workspace <> $1
                AND flood.processed_at BETWEEN quiet.received_at AND quiet.processed_at
            """,
            .uuid(quiet.workspace)
        )
        print("\(before) of 5,000 webhooks between the quiet one's arrival and its end")
        #expect(before <= 4 * 250)
    }

    @Test("A workspace with many lines has one share, and its lines take turns")
    func lines() throws {
        let many = try InboundWorld(in: database)
        let more = try (0..<3).map { _ in
            try InboundWorld(in: database, workspace: many.workspace)
        }
        let single = try InboundWorld(in: database)
        for world in [many] + more { try flood(world, 500) }
        try flood(single, 500)
        let reader = try ChildProcess.stream("process-inbound", database.environment)
        defer { reader.end() }
        #expect(try reader.wake(deadline: .seconds(600))["processed"] == 2_500)
        // With half of the turns it is done when no more than as much is read of the others.
        let others = try single.count(
            """
            SELECT count(*) FROM relais.webhook_inbox
            WHERE workspace = $1 AND processed_at < (
                SELECT max(processed_at) FROM relais.webhook_inbox WHERE workspace = $2)
            """,
            .uuid(many.workspace),
            .uuid(single.workspace)
        )
        #expect(others <= 500 + 250)
        let served = try single.count(
            """
            SELECT count(DISTINCT channel) FROM (
                SELECT channel FROM relais.webhook_inbox WHERE workspace = $1
                ORDER BY processed_at LIMIT 801) AS first
            """,
            .uuid(many.workspace)
        )
        #expect(served == 4)
    }

    @Test("What is being read stays its reader's when its lease runs out, and others go on")
    func slowReader() throws {
        let slow = try InboundWorld(in: database)
        let other = try InboundWorld(in: database)
        let contact = try slow.addContact("+22990100000")
        try slow.keep([MetaWebhook(channel: slow.channel).texts(1, from: 1)])
        let owner = try database.connectAsOwner()
        let database = self.database
        var reader: BackgroundThread?
        try owner.transaction { (transaction) throws(DatabaseError) in
            try transaction.query(
                "SELECT FROM relais.contact WHERE id = $1 FOR UPDATE",
                .uuid(contact)
            )
            reader = BackgroundThread {
                var reader = Reader(database.connect())
                do {
                    _ = try reader.readAll(lease: .milliseconds(1), until: { false })
                } catch { Issue.record(error) }
            }
            do {
                try Self.wait(for: slow)
                try other.keep([MetaWebhook(channel: other.channel).texts(1, from: 1)])
                var second = Reader(database.connect())
                let report = try second.readAll(lease: .milliseconds(1), until: { false })
                #expect(report.processed == 1)
                #expect(try other.webhooks("done") == 1)
                #expect(try slow.webhooks("received") == 1)
            } catch { Issue.record(error) }
        }
        reader?.join()
        #expect(try slow.webhooks("done") == 1)
        #expect(try slow.count("SELECT count(*) FROM relais.interaction") == 2)
    }

    @Test("A part that waits too long for a lock is tried again, and never counts as a death")
    func abandonedParts() throws {
        let world = try InboundWorld(in: database)
        let contact = try world.addContact("+22990100000")
        try world.keep([MetaWebhook(channel: world.channel).texts(1, from: 1)])
        let database = self.database
        try world.owner.transaction { (transaction) throws(DatabaseError) in
            try transaction.query(
                "SELECT FROM relais.contact WHERE id = $1 FOR UPDATE",
                .uuid(contact)
            )
            do {
                let observer = try InboundWorld(in: database)
                // Every claim raises the token.
                let claims = "SELECT max(lease_token) FROM relais.webhook_inbox"
                let waits = "SELECT count(*) FROM relais.webhook_inbox WHERE state = 'received'"
                while try observer.count(claims) < 25, try observer.count(waits) == 1 {
                    var reader = Reader(database.connect(), partLimit: .milliseconds(20))
                    var turns = 0
                    _ = try reader.readAll(lease: .milliseconds(1)) {
                        turns += 1
                        return turns > 2
                    }
                }
                #expect(try observer.count(waits) == 1)
            } catch { Issue.record(error) }
        }
        var reader = Reader(database.connect())
        #expect(try reader.readAll(lease: .seconds(20), until: { false }).processed == 1)
        #expect(try world.webhooks("done") == 1)
    }

    /// Until somebody waits for what another transaction holds.
    static func wait(for world: InboundWorld) throws {
        let waiting = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        let limit = ContinuousClock.now + .seconds(180)
        while try world.count(waiting) == 0 {
            try #require(ContinuousClock.now < limit, "nobody waits")
            usleep(2000)
        }
    }
}
