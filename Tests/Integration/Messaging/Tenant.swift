import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Messages
import Providers
import Security
import Testing
import Work

/// A workspace with one channel, for a test of its own.
final class Tenant {
    static let masterKeys = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

    let database: MessagingDatabase
    let connection: Connection
    let workspace = UUID.v7()
    let secrets: SealedSecrets
    let channel: Channel

    init(
        in database: MessagingDatabase,
        provider: Provider = .waha,
        baseURL: String = "http://127.0.0.1:9",
        pacing: Pacing = Pacing(
            RateLimit(interval: .microseconds(100), burst: 1000)
        ),
        dailyCap: Int = 1_000_000,
        change: (inout Channel) -> Void = { _ in }
    ) throws {
        self.database = database
        connection = database.connect()
        secrets = try SealedSecrets(masterKeys: Self.masterKeys)
        var channel = Channel(
            id: .v7(),
            workspace: workspace,
            name: "Boutique",
            provider: provider,
            baseURL: baseURL,
            externalID: UUID.v7().description,
            pacing: pacing,
            dailyCap: dailyCap,
            timezone: Daytime.timezone
        )
        change(&channel)
        self.channel = channel
        try Workspaces(connection).add(workspace, name: "Test", timezone: "Europe/Paris")
        try Channels(connection, secrets, as: .service(workspace)).add(
            channel,
            token: "token",
            webhook: WebhookCredentials(secrets: WebhookSecrets(signing: ["secret"]))
        )
    }

    var identity: Identity { .service(workspace) }
    var campaigns: Campaigns { Campaigns(connection, as: identity) }
    var contacts: Contacts { Contacts(connection, as: identity) }
    var categories: Categories { Categories(connection, as: identity) }

    /// Contacts who may be written to, with numbers of their own.
    @discardableResult
    func addContacts(
        _ count: Int,
        tag: String = "vip",
        change: (inout Contact) -> Void = { _ in }
    ) throws -> [UUID] {
        let new = (0..<count).map { place in
            var contact = Contact(phone: Self.number())
            contact.firstName = "Ana\(place)"
            contact.tags = [tag]
            contact.optedInAt = .now
            change(&contact)
            return contact
        }
        try contacts.add(new)
        return new.map(\.id)
    }

    /// A campaign to everybody with the tag, started.
    @discardableResult
    func start(
        _ text: String = "Bonjour {{contact.first_name}}",
        followUp: String? = nil,
        tag: String = "vip",
        change: (inout Campaign) -> Void = { _ in }
    ) throws -> UUID {
        var campaign = Campaign(channel: channel.id, name: "Soldes", .text(text))
        campaign.followUp = followUp
        campaign.tags = [tag]
        change(&campaign)
        try campaigns.add(campaign)
        try campaigns.start(campaign.id)
        return campaign.id
    }

    /// A message outside campaigns, in no outbox.
    func message(to contact: UUID) throws -> UUID {
        let id = UUID.v7()
        _ = try read(
            """
            INSERT INTO relais.message (id, workspace, channel, contact, step, recipient_kind,
                recipient, body)
            VALUES ($1, $2, $3, $4, 0, 'phone', 'x', 'x')
            """,
            .uuid(id),
            .uuid(workspace),
            .uuid(channel.id),
            .uuid(contact)
        )
        return id
    }

    func read(_ sql: String, _ parameters: Parameter...) throws -> Rows {
        try connection.transaction(
            TransactionOptions(identity: identity),
            [Statement(sql, parameters)]
        )[0]
    }

    /// One number of the workspace's own.
    func count(_ sql: String, _ parameters: Parameter...) throws -> Int {
        try connection.transaction(
            TransactionOptions(identity: identity),
            [Statement("SELECT count(*) AS count FROM (\(sql)) AS found", parameters)]
        )[0][0].get("count")
    }

    /// The statuses of a campaign's messages, with how many have each.
    func statuses(of campaign: UUID) throws -> [MessageStatus: Int] {
        try campaigns.statistics(of: campaign).counts
    }

    func transaction<Result>(
        _ body: (Transaction) throws(DatabaseError) -> Result
    ) throws -> Result {
        try connection.transaction(TransactionOptions(identity: identity), body)
    }

    private static func number() -> E164? {
        E164("+2290" + String(UInt64.random(in: 100_000_000...999_999_999)))
    }
}
