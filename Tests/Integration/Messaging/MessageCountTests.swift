import Accounts
import Campaigns
@testable import Database
import FunctionContract
@testable import Messages
import Providers
import SeededRandom
import Testing
import Work

/// The counts that are kept beside what the messages themselves say.
@Suite(.ownThread)
struct MessageCountTests {
    private let tenant: Tenant

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
    }

    @Test("whatever happens to messages, the figures are those of the messages")
    func agree() throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        try tenant.addContacts(12)
        let campaign = try tenant.start(followUp: "Merci")
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        try expectAgreement(on: campaign, "seed \(seed), start")
        for round in 0..<40 {
            try step(Int.random(in: 0..<6, using: &random), campaign, outbox, &random)
            if Bool.random(using: &random) { try fold() }
            try expectAgreement(on: campaign, "seed \(seed), round \(round)")
        }
        try fold()
        try expectAgreement(on: campaign, "seed \(seed), end")
        #expect(try tenant.count("SELECT FROM relais.message_move") == 0)
    }

    @Test("while one folds, the figures stand still and nobody else folds")
    func concurrently() throws {
        try tenant.addContacts(20)
        let campaign = try tenant.start()
        try fold()
        _ = try tenant.campaigns.stop(campaign)
        let (first, second) = (tenant.database.connect(), tenant.database.connect())
        let lock = Statement(
            "SELECT pg_advisory_xact_lock(hashtext('relais.message_move')) IS NULL AS locked"
        )
        try first.transaction(TransactionOptions()) { (transaction) throws(DatabaseError) in
            try transaction.query(lock)
            let folded = try MessageCounts(second).fold(until: Self.soon)
            #expect(folded == Sweep())
            let statuses = try? tenant.statuses(of: campaign)
            #expect(statuses == [.cancelled: 20])
        }
        try fold()
        #expect(try tenant.statuses(of: campaign) == [.cancelled: 20])
    }

    @Test("a contact who answers three times is one who answered")
    func answers() throws {
        let contacts = try tenant.addContacts(2)
        let campaign = try tenant.start()
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        try accept(try claim(outbox, 2), outbox)
        for (place, contact) in [contacts[0], contacts[0], contacts[1], contacts[0]].enumerated() {
            try answer(from: contact, "in.\(place)", tenant)
            if place == 1 { try fold() }
        }
        #expect(try tenant.campaigns.statistics(of: campaign).interactions == 2)
        try fold()
        #expect(try tenant.campaigns.statistics(of: campaign).interactions == 2)
    }

    @Test("a day of a channel says how many messages went from where to where")
    func days() throws {
        try tenant.addContacts(3)
        try tenant.start()
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        try accept(try claim(outbox, 2), outbox)
        try fold()
        let rows = try tenant.read(
            """
            SELECT coalesce(was::text, '') || '>' || became::text AS move, messages
            FROM relais.channel_day ORDER BY was NULLS FIRST, became
            """
        )
        let moves = try rows.map { row in
            try row.get("move", as: String.self) + " \(try row.get("messages", as: Int.self))"
        }
        #expect(moves == [">queued 3", "queued>accepted 2"])
    }

    @Test("messages that were there before are counted, though others change meanwhile")
    func migration() throws {
        let database = try MessagingDatabase()
        let tenant = try Tenant(in: database)
        let owner = try database.connectAsOwner()
        let contacts = try tenant.addContacts(9)
        let tables = ["message", "interaction"]
        for table in tables {
            try owner.query("ALTER TABLE relais.\(table) DISABLE TRIGGER USER")
        }
        let campaign = try tenant.start()
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        try accept(try claim(outbox, 3), outbox)
        try fail(try claim(outbox, 2), "131026", outbox)
        try answer(from: contacts[0], "in.1", tenant)
        for table in tables {
            try owner.query("ALTER TABLE relais.\(table) ENABLE TRIGGER USER")
        }

        try accept(try claim(outbox, 1), outbox)
        try owner.query(
            "UPDATE relais.message SET status = 'delivered' WHERE status IN ('accepted', 'failed')"
        )
        try answer(from: contacts[0], "in.2", tenant)
        // A step that is done twice counts nothing twice.
        for step in try Self.countingSteps() + Self.countingSteps() {
            try owner.run(script: step)
        }
        for _ in 0..<2 {
            #expect(try tenant.statuses(of: campaign) == [.delivered: 6, .queued: 3])
            let report = try tenant.campaigns.report(
                on: try #require(try tenant.campaigns.find(campaign))
            )
            #expect(report.failures.isEmpty)
            #expect(try tenant.campaigns.statistics(of: campaign).interactions == 1)
            _ = try MessageCounts(tenant.connection).fold(until: Self.soon)
        }
        #expect(
            try tenant.count("SELECT FROM relais.channel_day WHERE was IS NULL") == 0,
            "a day has only what happened on it"
        )
    }

    @Test("no role but a function's own writes figures, and no tenant reads another's")
    func isolation() throws {
        try tenant.addContacts(1)
        let campaign = try tenant.start()
        try fold()
        let other = try Tenant(in: MessagingDatabase.shared.get())
        for table in ["message_move", "campaign_count", "campaign_failure", "channel_day"] {
            #expect(try other.count("SELECT FROM relais.\(table)") == 0, "\(table)")
        }
        let manager = TransactionOptions(
            identity: .member(.v7(), .superAdmin, of: tenant.workspace)
        )
        let changed = try tenant.connection.transaction(
            manager,
            [Statement("UPDATE relais.campaign_count SET messages = 0 RETURNING campaign")]
        )[0]
        #expect(changed.isEmpty)
        #expect(try tenant.statuses(of: campaign) == [.queued: 1])
    }
}

extension MessageCountTests {
    private static var soon: ContinuousClock.Instant { .now + .seconds(60) }

    /// The statements of the migration that count what is there.
    private static func countingSteps() throws -> [String] {
        let files = try MigrationFolder.migrations(in: PlatformDatabase.migrations)
        let file = try #require(files.first { $0.fileName == "0024_message_counts.sql" })
        let steps = SQLText(file.sql).statements.map(\.sql).filter {
            $0.hasPrefix("INSERT INTO relais.message_move")
        }
        #expect(steps.count == 2)
        return steps
    }

    /// Other suites fold in the same database, one at a time.
    private func fold() throws {
        try tenant.database.waitUntil("all moves are folded") {
            try MessageCounts(tenant.connection).fold(until: Self.soon)
            return try tenant.count("SELECT FROM relais.message_move") == 0
        }
    }

    /// One thing of those that happen to messages, chosen by `kind`.
    private func step(
        _ kind: Int,
        _ campaign: UUID,
        _ outbox: Outbox,
        _ random: inout SeededRandom
    ) throws {
        let statuses = "('accepted', 'sent', 'failed', 'delivered', 'read', 'unknown', 'parked')"
        switch kind {
        case 0: try accept(try claim(outbox, 3), outbox)
        case 1: try fail(try claim(outbox, 2), "131026", outbox)
        case 2: try fail(try claim(outbox, 1), "131051", outbox)
        case 3:
            let status = ["accepted", "delivered", "read", "failed"].randomElement(using: &random)
            _ = try tenant.read(
                """
                UPDATE relais.message SET status = $2::relais.message_status,
                    reason = '{"code":"x","fr":"x","en":"x"}'
                WHERE id = (SELECT id FROM relais.message WHERE campaign = $1
                    AND status::text IN \(statuses) ORDER BY random() LIMIT 1)
                """,
                .uuid(campaign),
                .text(status)
            )
        case 4: _ = try? tenant.campaigns.retryFailed(campaign)
        default:
            _ = try tenant.read(
                """
                DELETE FROM relais.message WHERE id = (SELECT id FROM relais.message
                    WHERE campaign = $1 AND status <> 'queued' ORDER BY random() LIMIT 1)
                    AND random() < 0.3
                """,
                .uuid(campaign)
            )
        }
    }

    private func expectAgreement(on campaign: UUID, _ comment: Comment) throws {
        var counts: [MessageStatus: Int] = [:]
        let rows = try tenant.read(
            """
            SELECT status::text AS status, count(*) AS count FROM relais.message
            WHERE campaign = $1 GROUP BY status
            """,
            .uuid(campaign)
        )
        for row in rows {
            counts[try #require(MessageStatus(rawValue: try row.get("status")))] =
                try row.get("count")
        }
        #expect(try tenant.statuses(of: campaign) == counts, comment)
        let stored = try #require(try tenant.campaigns.find(campaign))
        let report = try tenant.campaigns.report(on: stored)
        #expect(report.failures.reduce(0) { $0 + $1.count } == counts[.failed] ?? 0, comment)
    }

    private func claim(_ outbox: Outbox, _ limit: Int) throws -> [ClaimedMessage] {
        try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: limit, lease: .seconds(30), in: transaction)
        }
    }

    private func accept(_ messages: [ClaimedMessage], _ outbox: Outbox) throws {
        try record(messages, outbox) { message in
            Verdict(.accepted(["out.\(message.reference.text)"], Party()))
        }
    }

    private func fail(_ messages: [ClaimedMessage], _ code: String, _ outbox: Outbox) throws {
        let reason = Reason(code: code, french: "Échec \(code)", english: "Failure \(code)")
        try record(messages, outbox) { Verdict(refusing: $0, because: reason) }
    }

    private func record(
        _ messages: [ClaimedMessage],
        _ outbox: Outbox,
        _ verdict: (ClaimedMessage) -> Verdict
    ) throws {
        let results = messages.map { AttemptResult($0, verdict($0)) }
        if results.isEmpty { return }
        _ = try outbox.record(results, breaker: Breaker(failures: 0))
    }

    private func answer(from contact: UUID, _ id: String, _ tenant: Tenant) throws {
        try tenant.transaction { (transaction) throws(DatabaseError) in
            let interaction = Interaction(
                .reply,
                from: contact,
                on: tenant.channel.id,
                at: .now,
                content: "oui",
                providerID: id
            )
            _ = try Answers.record(interaction, in: transaction)
        }
    }
}
