import Accounts
import Campaigns
import Database
import FunctionContract
import Glibc
import Messages
import SeededRandom
import Testing

@Suite("However webhooks come, the same is true in the end", .ownThread)
struct ConvergenceTests {
    @Test("Webhooks that are shuffled and doubled end like clean ones")
    func shuffled() throws {
        let seed = UInt64.random(in: .min ... .max)
        let contacts = Load.isFull ? 300 : 100
        let clean = try CampaignTraffic(
            to: contacts,
            in: InboundWorld(in: InboundDatabase()),
            seed: seed
        )
        try run(clean, clean.bodies, readers: 1)
        let mixed = try CampaignTraffic(
            to: contacts,
            in: InboundWorld(in: InboundDatabase()),
            seed: seed
        )
        let bodies = mixed.shuffled(seed: seed &+ 1)
        try run(mixed, bodies, readers: 3)
        #expect(bodies.count > 6 * contacts)
        let difference = try mixed.difference(from: clean)
        #expect(difference == [], "seed \(seed)")
    }

    /// Delivers everything, with readers at work meanwhile, all at once.
    private func run(_ traffic: CampaignTraffic, _ bodies: [String], readers: Int) throws {
        let world = traffic.world
        let webhook = try ChildProcess.stream("inbound-webhook", world.database.environment)
        defer { webhook.end() }
        let processes = try (0..<readers).map { _ in
            try ChildProcess.stream("process-inbound", world.database.environment)
        }
        defer { for process in processes { process.end() } }
        var wakes = 0
        for (place, body) in bodies.enumerated() {
            let reply = try webhook.deliver(SignedWebhook(body), to: world.channel)
            #expect(reply["statusCode"] == 200)
            guard place % 50 == 49 else { continue }
            wakes += 1
            for process in processes { process.feedWake() }
        }
        for process in processes {
            for _ in 0..<wakes { _ = try process.line() }
        }
        while try processes[0].wake()["remaining"] != 0 {}
        try settle(world)
        #expect(
            try world.count("SELECT count(*) FROM relais.webhook_inbox WHERE state <> 'done'") == 0
        )
    }

    /// Applies what was kept until its message was known by name.
    private func settle(_ world: InboundWorld) throws {
        let options = TransactionOptions(identity: .service(world.workspace))
        _ = try world.database.connect().transaction(options) {
            (transaction) throws(DatabaseError) in
            try SettledMessages.run(now: .now, in: transaction)
        }
    }

    /// Sees by the server's sessions when a killed reader is gone, and behind a pooler they stay.
    @Test(
        "Readers that are killed at any moment lose nothing and double nothing",
        .enabled(if: PostgresFixture.isDirect)
    )
    func killed() throws {
        let seed = UInt64.random(in: .min ... .max)
        let contacts = Load.isFull ? 300 : 60
        var random = SeededRandom(seed: seed)
        let clean = try CampaignTraffic(
            to: contacts,
            in: InboundWorld(in: InboundDatabase()),
            seed: seed
        )
        try run(clean, clean.bodies, readers: 1)
        let killed = try CampaignTraffic(
            to: contacts,
            in: InboundWorld(in: InboundDatabase()),
            seed: seed
        )
        try keep(killed.bodies, in: killed.world)
        var kills = 0
        // Long enough to get something done from time to time, however slow the machine is: who is
        // killed over and over with the same webhooks in hand puts them away in the end.
        var longest = 120
        var waiting = try killed.world.count(Self.waiting)
        while waiting > 0 {
            try runAndKill(in: killed.world, after: .random(in: 1...longest, using: &random))
            kills += 1
            let left = try killed.world.count(Self.waiting)
            longest = left < waiting ? 120 : longest * 3 / 2
            waiting = left
        }
        try settle(killed.world)
        let difference = try killed.difference(from: clean)
        #expect(difference == [], "seed \(seed), \(kills) kills")
        #expect(
            try killed.world.count(
                "SELECT count(*) FROM relais.webhook_inbox WHERE state <> 'done'"
            ) == 0
        )
    }

    private static let waiting = """
        SELECT count(*) FROM relais.webhook_inbox WHERE state IN ('received', 'delayed')
        """

    /// In seconds from now on.
    private static let longestLease = """
        SELECT coalesce(ceil(max(extract(epoch FROM lease_until - now()))), 0)
        FROM relais.webhook_inbox WHERE state = 'received'
        """

    private static let claims = "SELECT sum(lease_token) FROM relais.webhook_inbox"

    private static let sessions = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND backend_type = 'client backend' AND pid <> pg_backend_pid()
        """

    private func keep(_ bodies: [String], in world: InboundWorld) throws {
        let webhook = try ChildProcess.stream("inbound-webhook", world.database.environment)
        defer { webhook.end() }
        for body in bodies {
            #expect(
                try webhook.deliver(SignedWebhook(body), to: world.channel)["statusCode"] == 200
            )
        }
    }

    /// Ends the reader after so many milliseconds from its first claim on, and its leases with it.
    private func runAndKill(in world: InboundWorld, after milliseconds: Int) throws {
        let before = try world.count(Self.claims)
        let reader = try ChildProcess.stream("process-inbound", world.database.environment)
        defer { reader.end() }
        reader.feedWake()
        try reader.wait("a claim") {
            try world.count(Self.claims) > before ? true : nil
        }
        usleep(UInt32(milliseconds) * 1000)
        reader.send(SIGKILL)
        _ = try reader.waitForExit()
        // What it sent last may still take effect.
        while try world.count(Self.sessions) > 0 { usleep(1000) }
        #expect(try world.count(Self.longestLease) <= 20)
        // As if the lease's time had passed.
        try world.owner.query(
            "UPDATE relais.webhook_inbox SET lease_until = now() WHERE lease_until IS NOT NULL"
        )
    }
}
