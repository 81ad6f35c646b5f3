import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Messages
import Providers
import Security
import Work

/// A separate workspace for each demonstration, with everything that a campaign needs.
struct Cast {
    /// Messages a second: a thousand contacts take five seconds.
    static let rate = 200

    let connection: Connection
    let workspace = UUID.v7()
    let campaign = UUID.v7()
    let account: Simulator.Account

    init(_ options: DemoOptions) throws {
        connection = Connection(options.databaseURL)
        let channel = Self.channel(options, in: workspace)
        account = Simulator.Account(
            provider: options.provider.rawValue,
            id: channel.externalID,
            business: Self.business,
            phone: Self.phone,
            channel: channel.id.description,
            secret: SecureRandom.token()
        )
        try Workspaces(connection).add(workspace, name: "Démo", timezone: Self.timezone)
        try Channels(connection, options.secrets, as: .service(workspace)).add(
            channel,
            token: SecureRandom.token(),
            webhook: WebhookCredentials(secrets: WebhookSecrets(signing: [account.secret]))
        )
        let category = try addContacts(options)
        try addCampaign(on: channel, to: category)
    }

    /// Starts the campaign through the same operation as the product.
    func startCampaign() throws(CampaignError) {
        try Campaigns(connection, as: .service(workspace)).start(campaign)
    }

    private static let timezone = "Africa/Lome"
    private static let business = "100000000000001"
    private static let phone = "+22890000000"

    private static func channel(_ options: DemoOptions, in workspace: UUID) -> Channel {
        var channel = Channel(
            id: .v7(),
            workspace: workspace,
            name: "Simulateur",
            provider: options.provider,
            baseURL: options.simulator + options.provider.pathInSimulator,
            externalID: String(UInt64.random(in: 100_000_000_000_000...999_999_999_999_999)),
            pacing: Pacing(RateLimit(rate, per: .seconds(1), burst: rate / 10)),
            dailyCap: options.contacts * 3,
            timezone: timezone
        )
        channel.accountID = business
        channel.phone = phone
        return channel
    }

    private func addContacts(_ options: DemoOptions) throws -> UUID {
        let category = Category(name: "Clients de la démo")
        let categories = Categories(connection, as: .service(workspace))
        try categories.add(category)
        let people = People(seed: options.seed)
        var first = 0
        while first < options.contacts {
            let end = min(first + Contacts.batchLimit, options.contacts)
            let batch = (first..<end).map(people.contact)
            try Contacts(connection, as: .service(workspace)).add(batch)
            try categories.join(batch.map(\.id), to: category.id)
            first = end
        }
        return category.id
    }

    private func addCampaign(on channel: Channel, to category: UUID) throws {
        var new = Campaign(
            id: campaign,
            channel: channel.id,
            name: "Récolte de karité",
            try opening(channel)
        )
        new.followUp = "Merci {{contact.first_name}} ! Votre panier est réservé jusqu'à samedi."
        new.categories = [category]
        new.variables = ["first_name": "{{contact.first_name}}"]
        try Campaigns(connection, as: .service(workspace)).add(new)
    }

    /// The first message. The demo adds a template where the provider requires one.
    private func opening(_ channel: Channel) throws(CampaignError) -> Campaign.Opening {
        let text = "la récolte de karité est arrivée. Voulez-vous qu'on vous en garde un panier ?"
        guard channel.provider.asksForTemplates else {
            return .text("Bonjour {{contact.first_name}}, \(text)")
        }
        let form = TemplateForm(
            externalID: "HX" + String(repeating: "0", count: 32),
            name: "recolte",
            language: "fr",
            category: .marketing,
            body: "Bonjour {{first_name}}, \(text)",
            variables: [TemplateForm.Variable(.body, name: "first_name")],
            status: .approved
        )
        do throws(DatabaseError) {
            try Templates(connection, as: .service(workspace)).add(form, account: Self.business)
        } catch {
            throw .database(error)
        }
        return .template(form.id)
    }
}

/// The contacts of a seed, each with a different number.
struct People {
    let seed: UInt32

    func contact(_ place: Int) -> Contact {
        // The stride is coprime to the count of numbers, so none repeats.
        let number = (Int(seed) % 1_000_000 + place * 7919) % 1_000_000
        let digits = String(number)
        let padding = String(repeating: "0", count: 6 - digits.count)
        var contact = Contact(phone: E164("+22890" + padding + digits))
        contact.firstName = Self.firstNames[(number / 7) % Self.firstNames.count]
        contact.language = "fr"
        contact.optedInAt = .now
        contact.optInSource = "demo"
        return contact
    }

    private static let firstNames = [
        "Afi", "Akossiwa", "Ama", "Aminata", "Awa", "Ayélé", "Edem", "Essi", "Fatou", "Kodjo",
        "Koffi", "Kokou", "Komlan", "Kossi", "Mawuli", "Moussa", "Nadège", "Sena", "Yao", "Yawa",
    ]
}

extension Provider {
    /// The simulator serves each provider under the path of its public API.
    fileprivate var pathInSimulator: String {
        let parts = (publicBaseURL ?? "").split(separator: "/").dropFirst(2)
        return parts.map { "/" + $0 }.joined()
    }

    /// Whether a first message must use a template.
    fileprivate var asksForTemplates: Bool {
        serviceWindow != nil && capabilities.contains(.template)
    }
}
