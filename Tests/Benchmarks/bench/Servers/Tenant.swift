import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Measurement
import Messages
import Providers
import Security
import Work

/// A workspace with a channel at Meta, in a database with the tables of Relais.
struct Tenant {
    static let webhookSecret = "bench-webhook-secret"
    /// What no sender here can reach.
    static let unthrottled = RateLimit(interval: .microseconds(1), burst: 100_000)
    /// Where no provider listens.
    static let noProvider = "http://127.0.0.1:9"
    /// Thirty-two bytes: nothing that is sealed here is a secret.
    private static let masterKey = String(repeating: "A", count: 43) + "="
    private static let business = "100000000000001"
    private static let tag = "bench"

    let workspace = UUID.v7()
    let channel = UUID.v7()
    /// Connects as who owns the tables.
    let owner: Connection
    private let connection: Connection
    private let url: String

    /// A tenant whose messages go to that address, no faster than that. Tenants of one database may
    /// share connections.
    init(
        in relais: borrowing Relais,
        provider: String = noProvider,
        pacing: RateLimit = unthrottled,
        sharing other: Tenant? = nil
    ) throws(Failure) {
        url = relais.postgres.functionURL
        connection = other?.connection ?? Connection(url)
        owner = other?.owner ?? Connection(relais.postgres.ownerURL)
        try add(provider, pacing)
    }

    /// What a function finds in its environment.
    var environment: [String: String] {
        [
            "DATABASE_URL": url, "RELAIS_MASTER_KEYS": Self.masterKey,
            "RELAIS_ALLOWED_NETWORKS": "127.0.0.0/8",
        ]
    }

    /// Starts a campaign to so many people, who all said that they want to hear of it.
    func startCampaign(to count: Int) throws(Failure) {
        try asFailure {
            let form = TemplateForm(
                name: "recolte",
                language: "fr",
                category: .marketing,
                body: "Bonjour {{first_name}}, la récolte de karité est arrivée.",
                variables: [TemplateForm.Variable(.body, name: "first_name")],
                status: .approved
            )
            try Templates(connection, as: .service(workspace)).add(form, account: Self.business)
            try add((0..<count).map(Self.person))
            var campaign = Campaign(channel: channel, name: "Récolte", .template(form.id))
            campaign.tags = [Self.tag]
            campaign.variables = ["first_name": "{{contact.first_name}}"]
            let campaigns = Campaigns(connection, as: .service(workspace))
            try campaigns.add(campaign)
            try campaigns.start(campaign.id)
        }
    }

    /// Messages of which it is not recorded that the provider took them.
    func unsent() throws(Failure) -> Int {
        try count("relais.message WHERE status <> 'accepted'")
    }

    func keptWebhooks() throws(Failure) -> Int { try count("relais.webhook_inbox") }

    private func add(_ provider: String, _ pacing: RateLimit) throws(Failure) {
        var new = Channel(
            id: channel,
            workspace: workspace,
            name: "Bench",
            provider: .meta,
            baseURL: provider,
            externalID: "100000000000002",
            pacing: Accounts.Pacing(pacing),
            dailyCap: 10_000_000
        )
        new.accountID = Self.business
        let webhook = WebhookCredentials(secrets: WebhookSecrets(signing: [Self.webhookSecret]))
        try asFailure {
            let secrets = try SealedSecrets(masterKeys: Self.masterKey)
            try Workspaces(connection).add(workspace, name: "Bench", timezone: "Africa/Lome")
            try Channels(connection, secrets, as: .service(workspace))
                .add(new, token: "token", webhook: webhook)
        }
    }

    /// Adds people and returns the digits of their numbers.
    @discardableResult
    func addContacts(_ count: Int) throws(Failure) -> [String] {
        let people = (0..<count).map(Self.person)
        try asFailure { try add(people) }
        return people
    }

    /// The digits of a number.
    private static func person(_ place: Int) -> String { "22890\(100_000 + place)" }

    private func add(_ people: [String]) throws {
        let count = people.count
        for first in stride(from: 0, to: count, by: Contacts.batchLimit) {
            let batch = (first..<min(first + Contacts.batchLimit, count)).map { place in
                var contact = Contact(phone: E164("+\(people[place])"))
                contact.firstName = "Ama"
                contact.language = "fr"
                contact.tags = [Self.tag]
                contact.optedInAt = .now
                contact.optInSource = "bench"
                return contact
            }
            try Contacts(connection, as: .service(workspace)).add(batch)
        }
    }

    func count(_ rows: String) throws(Failure) -> Int {
        try database { () throws(DatabaseError) in
            let options = TransactionOptions(identity: .service(workspace), isReadOnly: true)
            let count = Statement("SELECT count(*) AS count FROM \(rows)")
            return try connection.transaction(options, [count])[0][0].get("count")
        }
    }
}

/// Does something with the product; what goes wrong there is a failure here.
private func asFailure(_ body: () throws -> Void) throws(Failure) {
    do {
        try body()
    } catch {
        throw Failure("\(error)")
    }
}
