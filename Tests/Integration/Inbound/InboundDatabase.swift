import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Messages
import Providers
import Security

/// A database with all tables, in which every connection acts as a function: row-level security
/// holds for it, though the login is a superuser's.
final class InboundDatabase: Sendable {
    static let masterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    let url: String
    let name: String
    private let directURL: String

    /// In the server of this process.
    convenience init() throws {
        let database = try TestDatabase()
        try self.init(url: database.url, directURL: database.directURL, name: database.name)
    }

    /// `directURL` is that of a pooled `url` without the pooler.
    init(url: String, directURL: String? = nil, name: String) throws {
        self.url = url
        self.directURL = directURL ?? url
        self.name = name
        _ = try PlatformDatabase(ownerURL: self.directURL)
    }

    /// What a function finds in its environment.
    var environment: [String: String] {
        [
            "DATABASE_URL": url, "RELAIS_MASTER_KEYS": Self.masterKey,
            "RELAIS_ALLOWED_NETWORKS": "127.0.0.0/8",
        ]
    }

    func connect() -> Connection { Connection(url) }

    /// A connection that acts as the owner of the tables.
    func connectAsOwner() throws -> Connection { Connection(FunctionLogin.ownerURL(directURL)) }

    var secrets: SealedSecrets {
        get throws { try SealedSecrets(masterKeys: Self.masterKey) }
    }
}

/// A workspace with a channel, and what stands in the tables about it.
struct InboundWorld {
    let database: InboundDatabase
    let workspace: UUID
    let channel: Channel
    let owner: Connection

    init(
        _ provider: Provider = .meta,
        in database: InboundDatabase,
        externalID: String = "phone-\(UUID.v7())",
        account: String = "waba-\(UUID.v7())",
        workspace: UUID? = nil,
        baseURL: String? = nil
    ) throws {
        self.database = database
        self.workspace = workspace ?? .v7()
        owner = try database.connectAsOwner()
        let connection = database.connect()
        if workspace == nil {
            try Workspaces(connection).add(self.workspace, name: "W", timezone: "Europe/Paris")
        }
        var channel = Channel(
            id: .v7(),
            workspace: self.workspace,
            name: provider.rawValue,
            provider: provider,
            baseURL: baseURL ?? provider.publicBaseURL ?? "https://\(provider.rawValue).example",
            externalID: externalID,
            pacing: Pacing(Provider.meta.pacing[0])
        )
        channel.accountID = account
        self.channel = channel
        try Channels(connection, database.secrets, as: .service(self.workspace))
            .add(channel, token: "token", webhook: Self.credentials)
    }

    static let credentials = WebhookCredentials(
        verifyTokens: ["verify-me"],
        secrets: WebhookSecrets(signing: ["signing-secret"], address: ["address-secret"])
    )

    /// The number of rows, or whatever else one number says.
    func count(_ sql: String, _ parameters: Parameter...) throws -> Int {
        try owner.query(Statement("SELECT (\(sql))::bigint AS number", parameters))[0]
            .get("number")
    }

    func text(_ sql: String, _ parameters: Parameter...) throws -> String? {
        try owner.query(Statement("SELECT (\(sql))::text AS text", parameters)).first?.get("text")
    }

    @discardableResult
    func addContact(_ phone: String, firstName: String? = nil) throws -> UUID {
        var contact = Contact(phone: E164(phone))
        contact.firstName = firstName
        try Contacts(database.connect(), as: .service(workspace)).add([contact])
        return contact.id
    }

    /// A running campaign with a text as Message 1 and perhaps another as Message 2.
    func addCampaign(message2: String? = "Second") throws -> UUID {
        let id = UUID.v7()
        try owner.query(
            """
            INSERT INTO relais.campaign (id, workspace, channel, name, message_1, message_2, status)
            VALUES ($1, $2, $3, 'C', 'First', $4, 'running')
            """,
            .uuid(id),
            .uuid(workspace),
            .uuid(channel.id),
            .text(message2)
        )
        return id
    }

    /// The same, for a contact and a campaign of its own.
    @discardableResult
    func addUnknownMessage() throws -> UUID {
        try addUnknownMessage(to: addContact("+22990099999"), of: addCampaign())
    }

    /// Message 1 of which nobody knows whether it went out. The outbox holds it, and its channel
    /// keeps receipts of messages that nobody knows: one may be about this message.
    @discardableResult
    func addUnknownMessage(to contact: UUID, of campaign: UUID) throws -> UUID {
        let message = try addMessage(nil, to: contact, of: campaign, status: "unknown")
        try owner.query(
            """
            INSERT INTO relais.outbox (message, workspace, lane, priority, due_at, state, attempt,
                lease_until)
            SELECT id, workspace, campaign, 2, now() + interval '1 hour', 'unknown', 1,
                now() + interval '1 hour'
            FROM relais.message WHERE id = $1
            """,
            .uuid(message)
        )
        return message
    }

    /// Message 1 to a contact, accepted by the provider under that name.
    @discardableResult
    func addMessage(
        _ providerID: String?,
        to contact: UUID,
        of campaign: UUID,
        acceptedAt: Timestamp = .now - .seconds(3600),
        status: String = "accepted"
    ) throws -> UUID {
        let id = UUID.v7()
        try owner.query(
            """
            INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                recipient_kind, recipient, body, follow_up, status, attempts, accepted_at)
            SELECT $1, $2, $3, $4, $5, 1, 'phone', phone, 'First', message_2,
                $6::text::relais.message_status, 1, $7
            FROM relais.contact, relais.campaign WHERE contact.id = $5 AND campaign.id = $4
            """,
            .uuid(id),
            .uuid(workspace),
            .uuid(channel.id),
            .uuid(campaign),
            .uuid(contact),
            .text(status),
            .timestamp(status == "accepted" ? acceptedAt : nil)
        )
        guard let providerID else { return id }
        try owner.query(
            """
            INSERT INTO relais.message_reference (workspace, channel, provider_id, message, attempt)
            VALUES ($1, $2, $3, $4, 1)
            """,
            .uuid(workspace),
            .uuid(channel.id),
            .text(providerID),
            .uuid(id)
        )
        return id
    }
}
