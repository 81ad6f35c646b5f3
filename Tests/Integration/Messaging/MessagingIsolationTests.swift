import Accounts
import Campaigns
import Contacts
import Database
import Testing

/// What one workspace sees and does of another: nothing.
@Suite(.timeLimit(.minutes(1)))
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
        try theirs.transaction { (transaction) throws(DatabaseError) in
            try Answers.record(
                Interaction(.reply, from: contact, on: channel, at: .now, providerID: "m1"),
                in: transaction
            )
            try Deliveries.apply(
                [DeliveryNote(providerIDs: ["nobody"], status: .sent, at: .now)],
                on: channel,
                in: transaction
            )
        }
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
        for table in try tables() where !table.hasSuffix(".workspace") {
            let column = try workspaceColumn(of: table)
            let theirs = Statement(
                "SELECT FROM \(table) WHERE \(column) = $1",
                .uuid(self.theirs.workspace)
            )
            let options = TransactionOptions(identity: ours.identity)
            #expect(try ours.connection.transaction(options, [theirs])[0].isEmpty, "\(table)")
            let change = Statement(
                "UPDATE \(table) SET \(column) = \(column) WHERE \(column) = $1",
                .uuid(self.theirs.workspace)
            )
            let delete = Statement(
                "DELETE FROM \(table) WHERE \(column) = $1",
                .uuid(self.theirs.workspace)
            )
            for statement in [change, delete] {
                let affected = try ours.connection.transaction(options, [statement])[0].affected
                #expect(affected == 0, "\(table)")
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
        #expect(try theirs.statuses(of: theirCampaign)[.queued] == 2)
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
        let work = Statement("SELECT channel, workspace FROM relais.channels_with_work(10, 1000)")
        let found = try ours.connection.pipeline([scope, work])[1].map {
            try $0.get("channel", as: UUID.self)
        }
        #expect(found.contains(theirs.channel.id))
        #expect(!found.contains(ours.channel.id))
        #expect(try ours.read("SELECT FROM relais.channels_with_work(10, 10)").isEmpty)
    }

    private func tables() throws -> [String] {
        try owner.query(
            """
            SELECT oid::regclass::text AS name FROM pg_class
            WHERE relnamespace = 'relais'::regnamespace AND relkind IN ('r', 'p')
            ORDER BY 1
            """
        ).map { try $0.get("name") }
    }

    /// Tables without one belong to the platform as a whole.
    private func workspaceColumn(of table: String) throws -> String {
        let has: Bool = try owner.query(
            """
            SELECT EXISTS (
                SELECT FROM pg_attribute
                WHERE attrelid = $1::text::regclass AND attname = 'workspace' AND NOT attisdropped
            ) AS has
            """,
            .text(table)
        )[0].get("has")
        return has ? "workspace" : "$1"
    }
}
