import Accounts
import Campaigns
import Database
import FunctionContract
import Glibc
import SeededRandom
import Testing

/// A campaign of many messages, everything that contacts and provider say about it, and what the
/// tables say afterwards.
struct CampaignTraffic {
    let world: InboundWorld
    private(set) var bodies: [String] = []
    private static let contacts = 260

    /// The same traffic for the same seed, in a world of its own.
    init(in world: InboundWorld, seed: UInt64) throws {
        self.world = world
        var random = SeededRandom(seed: seed)
        let campaign = try world.addCampaign()
        for place in 0..<Self.contacts {
            let contact = try world.addContact("+\(Self.number(place))")
            // Of some sends the answer was lost: only a receipt tells what became of them.
            let isUnknown = place % 5 == 4
            let message = try world.addMessage(
                isUnknown ? nil : "wamid.m\(place)",
                to: contact,
                of: campaign,
                acceptedAt: Timestamp(microseconds: Int64(Self.start) * 1_000_000),
                status: isUnknown ? "unknown" : "accepted"
            )
            let reference = isUnknown ? AttemptReference(message: message, attempt: 1).text : nil
            addReceipts(place, reference, &random)
            addWords(place, &random)
        }
    }

    /// Everything twice in any order.
    func shuffled(seed: UInt64) -> [String] {
        var random = SeededRandom(seed: seed)
        return (bodies + bodies).shuffled(using: &random)
    }

    private static let start = MetaWebhook.now - 3600

    private static func number(_ place: Int) -> String { "22990\(100_000 + place)" }

    private mutating func addReceipts(
        _ place: Int,
        _ reference: String?,
        _ random: inout SeededRandom
    ) {
        let meta = MetaWebhook(channel: world.channel)
        let statuses =
            place % 7 == 6
            ? ["sent", "failed"]
            : Array(["sent", "delivered", "read"].prefix(Int.random(in: 1...3, using: &random)))
        for (step, status) in statuses.enumerated() {
            bodies.append(
                meta.status(
                    "wamid.m\(place)",
                    status,
                    at: Self.start + 10 * step + place,
                    reference: reference
                )
            )
        }
        // Receipts for messages that nobody knows.
        if place % 10 == 0 { bodies.append(meta.status("wamid.x\(place)", "delivered", at: 1)) }
    }

    private mutating func addWords(_ place: Int, _ random: inout SeededRandom) {
        guard place % 7 != 6 else { return }
        let meta = MetaWebhook(channel: world.channel)
        for reply in 0..<Int.random(in: 0...3, using: &random) {
            bodies.append(
                meta.text(
                    "wamid.r\(place).\(reply)",
                    from: Self.number(place),
                    "Réponse \(reply) 👍",
                    at: Self.start + 100 + reply,
                    name: "Contact \(place)",
                    context: reply == 1 ? "wamid.m\(place)" : nil
                )
            )
        }
        if place % 4 == 0 {
            let at = Self.start + 200
            bodies.append(
                meta.text(
                    "wamid.s\(place)",
                    from: Self.number(place),
                    "STOP",
                    at: at,
                    name: "Contact \(place)"
                )
            )
        }
        if place % 3 == 0 {
            bodies.append(
                meta.text("wamid.n\(place)", from: "2289100\(1000 + place)", "Bonjour", at: 5)
            )
        }
    }

    /// What is in one state and not in the other.
    func difference(from other: CampaignTraffic) throws -> [String] {
        let mine = try state()
        let theirs = try other.state()
        return mine.subtracting(theirs).map { "+ \($0)" }.sorted()
            + theirs.subtracting(mine).map { "- \($0)" }.sorted()
    }

    /// The state of everything, without what differs from run to run: our ids and our clock. A line
    /// for each row; equal rows are numbered.
    private func state() throws -> Set<String> {
        var lines: Set<String> = []
        for (name, query) in Self.queries {
            let rows = try world.owner.query(
                Statement(
                    """
                    SELECT concat(line, ' #', row_number() OVER (PARTITION BY line)) AS line
                    FROM (\(query)) AS lines
                    """
                )
            )
            for row in rows { lines.insert("\(name) \(try row.get("line", as: String.self))") }
        }
        return lines
    }

    private static let queries: [(String, String)] = [
        (
            "messages",
            """
            SELECT concat_ws(' ', contact.phone, step, message.status, message.attempts,
                extract(epoch FROM accepted_at)::bigint, extract(epoch FROM sent_at)::bigint,
                extract(epoch FROM delivered_at)::bigint, extract(epoch FROM read_at)::bigint,
                extract(epoch FROM failed_at)::bigint, body, message.reason ->> 'code',
                recipient_kind, recipient) AS line
            FROM relais.message JOIN relais.contact ON contact.id = message.contact
            """
        ),
        (
            "references",
            """
            SELECT concat_ws(' ', provider_id, phone, reference.attempt) AS line
            FROM relais.message_reference AS reference
            JOIN relais.message ON message.id = reference.message
            JOIN relais.contact ON contact.id = message.contact
            """
        ),
        (
            "outbox",
            """
            SELECT concat_ws(' ', phone, step, priority, state, attempt) AS line
            FROM relais.outbox JOIN relais.message ON message.id = outbox.message
            JOIN relais.contact ON contact.id = message.contact
            """
        ),
        (
            "contacts",
            """
            SELECT concat_ws(' ', phone, first_name, status, whatsapp_verified, opted_in_at,
                extract(epoch FROM status_changed_at)::bigint,
                extract(epoch FROM last_activity_at)::bigint) AS line
            FROM relais.contact
            """
        ),
        (
            "names",
            """
            SELECT concat_ws(' ', phone, kind, value) AS line
            FROM relais.contact_identity JOIN relais.contact ON id = contact
            """
        ),
        (
            "interactions",
            """
            SELECT concat_ws(' ', phone, kind, content, provider_id, campaign IS NULL,
                message IS NULL, extract(epoch FROM received_at)::bigint) AS line
            FROM relais.interaction JOIN relais.contact ON contact.id = interaction.contact
            """
        ),
        (
            "orphans",
            "SELECT concat_ws(' ', provider_id, status) AS line FROM relais.orphan_status"
        ),
        (
            "conversations",
            """
            SELECT concat_ws(' ', phone, extract(epoch FROM last_inbound_at)::bigint) AS line
            FROM relais.conversation JOIN relais.contact ON id = contact
            """
        ),
    ]
}

@Suite("However webhooks come, the same is true in the end", .timeLimit(.minutes(10)))
struct ConvergenceTests {
    @Test("Two thousand webhooks, shuffled and doubled, end like clean ones")
    func shuffled() throws {
        let seed = UInt64.random(in: .min ... .max)
        let clean = try CampaignTraffic(in: InboundWorld(in: InboundDatabase()), seed: seed)
        try run(clean, clean.bodies, readers: 1)
        let mixed = try CampaignTraffic(in: InboundWorld(in: InboundDatabase()), seed: seed)
        let bodies = mixed.shuffled(seed: seed &+ 1)
        try run(mixed, bodies, readers: 3)
        #expect(bodies.count >= 2000)
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
            for _ in 0..<wakes { _ = try process.line(within: .seconds(120)) }
        }
        try processes[0].wake()
        let options = TransactionOptions(identity: .service(world.workspace))
        _ = try world.database.connect().transaction(options) {
            (transaction) throws(DatabaseError) in
            try Settlement.run(now: .now, in: transaction)
        }
        #expect(
            try world.count("SELECT count(*) FROM relais.webhook_inbox WHERE state <> 'done'") == 0
        )
    }

    @Test("Readers that are killed at any moment lose nothing and double nothing")
    func killed() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let clean = try CampaignTraffic(in: InboundWorld(in: InboundDatabase()), seed: seed)
        try run(clean, clean.bodies, readers: 1)
        let killed = try CampaignTraffic(in: InboundWorld(in: InboundDatabase()), seed: seed)
        try keep(killed.bodies, in: killed.world)
        var kills = 0
        while try killed.world.count(Self.waiting) > 0 {
            try #require(kills < 400, "seed \(seed)")
            kills += try runAndKill(in: killed.world, after: .random(in: 1...120, using: &random))
        }
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

    private static let claims = "SELECT sum(lease_token) FROM relais.webhook_inbox"

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
    private func runAndKill(in world: InboundWorld, after milliseconds: Int) throws -> Int {
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
        // As if the lease's time had passed.
        try world.owner.query(
            "UPDATE relais.webhook_inbox SET lease_until = now() WHERE lease_until IS NOT NULL"
        )
        return 1
    }
}
