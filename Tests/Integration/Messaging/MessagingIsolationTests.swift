import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Messages
import Testing
import Work

/// What one workspace sees and does of another: nothing.
@Suite(.ownThread)
struct MessagingIsolationTests {
    private let ours: Tenant
    private let theirs: Tenant
    private let owner: Connection
    private let theirCampaign: UUID
    private let theirContact: UUID

    init() throws {
        let database = try MessagingDatabase.shared.get()
        ours = try Tenant(in: database)
        theirs = try Tenant(in: database)
        owner = try database.connectAsOwner()
        theirContact = try theirs.addContacts(1)[0]
        theirCampaign = try theirs.start("Bonjour https://a.fr", followUp: "Merci") { campaign in
            campaign.linkBase = "https://r.example"
        }
        let (channel, contact) = (theirs.channel.id, theirContact)
        let category = Category(name: "À eux")
        try theirs.categories.add(category)
        try theirs.categories.join([contact], to: category.id)
        _ = try theirs.read(
            "UPDATE relais.outbox SET state = 'sending', lease_until = now() + interval '1 hour'"
        )
        try theirs.transaction { (transaction) throws(DatabaseError) in
            _ = try Answers.record(
                Interaction(.reply, from: contact, on: channel, at: .now, providerID: "m1"),
                in: transaction
            )
            try Deliveries.apply(
                [DeliveryNote(providerIDs: ["nobody"], status: .sent, at: .now)],
                on: channel,
                in: transaction
            )
        }
        _ = try theirs.read("UPDATE relais.outbox SET state = 'ready', lease_until = NULL")
    }

    @Test("without an identity nothing can be read")
    func forgottenIdentity() throws {
        for table in try tables() {
            let rows = try ours.connection.query(Statement("SELECT FROM \(table)"))
            #expect(rows.isEmpty, "\(table) can be read")
        }
    }

    @Test("no row of another workspace can be read, changed or deleted")
    func otherWorkspace() throws {
        let tables = try tables(ofWorkspaces: true)
        #expect(tables.count > 15)
        for table in tables {
            for command in [
                "SELECT FROM \(table)", "UPDATE \(table) SET workspace = workspace",
                "DELETE FROM \(table)",
            ] {
                let statement = Statement(
                    "\(command) WHERE workspace = $1",
                    .uuid(theirs.workspace)
                )
                let options = TransactionOptions(identity: ours.identity)
                let rows = try ours.connection.transaction(options, [statement])[0]
                #expect(rows.affected == 0, "\(command)")
            }
        }
    }

    @Test("the slices find nothing of another workspace, by whatever id")
    func slices() throws {
        #expect(try ours.campaigns.find(theirCampaign) == nil)
        #expect(throws: CampaignError.missing(theirCampaign)) {
            try ours.campaigns.stop(theirCampaign)
        }
        #expect(throws: CampaignError.missing(theirCampaign)) {
            try ours.campaigns.retryFailed(theirCampaign)
        }
        #expect(try ours.contacts.find(theirContact) == nil)
        #expect(try ours.contacts.set(.blocked, of: [theirContact]) == 0)
        let mine = Category(name: "À nous")
        try ours.categories.add(mine)
        #expect(try ours.categories.join([theirContact], to: mine.id) == 0)
        let borrowed = Campaign(channel: theirs.channel.id, name: "x", .text("x"))
        var aimed = borrowed
        aimed.tags = ["vip"]
        #expect(throws: CampaignError.channelMissing(theirs.channel.id)) {
            try ours.campaigns.add(aimed)
        }
        // Both messages: their contact has answered.
        #expect(try theirs.statuses(of: theirCampaign) == [.queued: 2])
    }

    @Test("a row cannot be put into another workspace")
    func insertion() throws {
        #expect(throws: DatabaseError.self) {
            try ours.read(
                "INSERT INTO relais.contact (workspace, id) VALUES ($1, $2)",
                .uuid(theirs.workspace),
                .uuid(.v7())
            )
        }
    }

    @Test("the platform learns where there is work, and nothing else")
    func platform() throws {
        let scope = Statement("SELECT set_config('relais.scope', 'platform', true)")
        for table in ["message", "outbox", "contact", "campaign", "interaction"] {
            let rows = try ours.connection.pipeline([
                scope, Statement("SELECT FROM relais.\(table)"),
            ])[1]
            #expect(rows.isEmpty, "\(table)")
        }
        let work = Statement(
            "SELECT channel, workspace FROM relais.take_turns(10, '{}', 1000, 0)"
        )
        let found = try ours.connection.pipeline([scope, work])[1].map {
            try $0.get("channel", as: UUID.self)
        }
        #expect(found.contains(theirs.channel.id))
        #expect(!found.contains(ours.channel.id))
        #expect(try ours.read("SELECT FROM relais.take_turns(10, '{}', 10, 10)").isEmpty)
    }

    @Test("what one workspace writes about another's channel, lane or key stops nobody")
    func forgery() throws {
        let victim = try Tenant(in: ours.database, dailyCap: 100)
        try victim.addContacts(3)
        try victim.start()
        let channel = victim.channel.id
        let message = try ours.message(to: try ours.addContacts(1)[0])
        let key = "channel:\(channel)"
        for forged in [
            Statement(
                """
                INSERT INTO relais.counter (workspace, key, day, timezone, used, cap, granted)
                VALUES ($1, $2, current_date, 'UTC', 0, 0, 0)
                """,
                .uuid(ours.workspace),
                .text(key)
            ),
            Statement(
                """
                INSERT INTO relais.rate_bucket
                    (workspace, key, interval_us, burst, theoretical_arrival)
                VALUES ($1, $2, 86400000000, 1, 9000000000000000)
                """,
                .uuid(ours.workspace),
                .text(key)
            ),
            Statement(
                """
                INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)
                VALUES ($1, $2, $3, 0, '2000-01-01')
                """,
                .uuid(message),
                .uuid(ours.workspace),
                .uuid(channel)
            ),
        ] {
            try ours.connection.transaction(
                TransactionOptions(identity: ours.identity),
                [forged]
            )
        }
        let work = try ours.connection.pipeline([
            PlatformScope.statement,
            Statement("SELECT channel, due, wait FROM relais.take_turns(10, '{}', 1000, 0)"),
        ])[1]
        let row = try #require(
            try work.first { try $0.get("channel", as: UUID.self) == channel }
        )
        #expect(try row.get("due") == 3)
        #expect(try row.get("wait", as: Double.self) == 0)
        let rates = Rates(victim.connection)
        #expect(try rates.take(1, from: victim.channel.rateKey)?.count == 1)
        let counters = Counters(victim.connection)
        #expect(try counters.take(1, from: victim.channel.dailyCounter).granted == 1)
    }

    @Test("a row that names another workspace's row is refused")
    func foreignNames() throws {
        let theirMessage = try theirs.message(to: theirContact)
        for statement in [
            Statement(
                """
                INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)
                VALUES ($1, $2, $3, 0, now())
                """,
                .uuid(theirMessage),
                .uuid(ours.workspace),
                .uuid(ours.channel.id)
            ),
            Statement(
                """
                INSERT INTO relais.message_reference
                    (workspace, channel, provider_id, message, attempt)
                VALUES ($2, $3, 'stolen', $1, 1)
                """,
                .uuid(theirMessage),
                .uuid(ours.workspace),
                .uuid(ours.channel.id)
            ),
            Statement(
                """
                INSERT INTO relais.message (id, workspace, channel, contact, step, recipient_kind,
                    recipient, body)
                VALUES (gen_random_uuid(), $1, $2, $3, 0, 'phone', 'x', 'x')
                """,
                .uuid(ours.workspace),
                .uuid(theirs.channel.id),
                .uuid(try ours.addContacts(1)[0])
            ),
        ] {
            let error = #expect(throws: DatabaseError.self) {
                try ours.connection.transaction(
                    TransactionOptions(identity: ours.identity),
                    [statement]
                )
            }
            #expect(error?.code == .foreignKeyViolation, "\(statement.sql)")
        }
    }

    private func tables(ofWorkspaces: Bool = false) throws -> [String] {
        try owner.query(
            """
            SELECT oid::regclass::text AS name FROM pg_class
            WHERE relnamespace = 'relais'::regnamespace AND relkind IN ('r', 'p')
                AND (NOT $1 OR EXISTS (
                    SELECT FROM pg_attribute
                    WHERE attrelid = pg_class.oid AND attname = 'workspace'
                ))
            ORDER BY 1
            """,
            .bool(ofWorkspaces)
        ).map { try $0.get("name") }
    }
}
