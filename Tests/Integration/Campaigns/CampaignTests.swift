import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Messages
import Providers
import Testing

@Suite(.ownThread)
struct CampaignTests {
    private let tenant: Tenant

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
    }

    @Test("starting freezes the audience: messages for some, reasons for the others")
    func freezes() throws {
        try tenant.addContacts(5)
        try tenant.addContacts(2) { $0.optedInAt = nil }
        try tenant.addContacts(1) { $0.phone = nil }
        try tenant.addContacts(1) { $0.firstName = nil }
        try tenant.addContacts(3, tag: "other")
        try tenant.contacts.set(.unsubscribed, of: tenant.addContacts(1))
        var campaign = Campaign(
            channel: tenant.channel.id,
            name: "Soldes",
            .text("Bonjour {{contact.first_name}}, voir https://relais.fr/{{1}} ou https://a.fr")
        )
        campaign.tags = ["vip"]
        campaign.variables = ["1": "soldes"]
        campaign.linkBase = "https://r.example/l"
        try tenant.campaigns.add(campaign)
        let frozen = try tenant.campaigns.start(campaign.id)
        #expect(frozen.recipients == 5)
        #expect(
            frozen.excluded == [
                .noOptIn: 2, .noIdentity: 1, .missingValue: 1, .unsubscribed: 1,
            ]
        )
        try tenant.addContacts(1)
        let stored = try #require(try tenant.campaigns.find(campaign.id))
        #expect(stored.status == .running)
        #expect(stored.totalRecipients == 5)
        #expect(stored.excludedCount == 5)
        #expect(try tenant.statuses(of: campaign.id) == [.queued: 5])
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE state = 'ready'") == 5)
        let row = try tenant.read("SELECT id, body FROM relais.message ORDER BY body LIMIT 1")[0]
        let token = LinkToken(message: try row.get("id"), position: 0).text
        #expect(
            try row.get("body", as: String.self)
                == "Bonjour Ana0, voir https://relais.fr/soldes ou https://r.example/l/\(token)"
        )
    }

    @Test("a link's token leads to its address, its campaign and its reader")
    func resolvesLinks() throws {
        let contact = try tenant.addContacts(1)[0]
        let campaign = try tenant.start("Voir https://a.fr") { $0.linkBase = "https://r.example" }
        let message = try tenant.read("SELECT id FROM relais.message")[0]
        let target = try tenant.connection.pipeline([
            Statement("SELECT set_config('relais.scope', 'platform', true)"),
            Statement(
                "SELECT workspace, campaign, contact, url FROM relais.link_target($1, 0::smallint)",
                .uuid(try message.get("id"))
            ),
        ])[1][0]
        #expect(try target.get("url", as: String.self) == "https://a.fr")
        #expect(try target.get("campaign") == campaign)
        #expect(try target.get("contact") == contact)
    }

    @Test("a campaign that nobody is left for does not start, and nothing has happened")
    func emptyAudience() throws {
        try tenant.addContacts(2) { $0.optedInAt = nil }
        var campaign = Campaign(channel: tenant.channel.id, name: "x", .text("Bonjour"))
        campaign.tags = ["vip"]
        try tenant.campaigns.add(campaign)
        #expect(throws: CampaignError.audienceEmpty([.noOptIn: 2])) {
            try tenant.campaigns.start(campaign.id)
        }
        #expect(try tenant.campaigns.find(campaign.id)?.status == .draft)
        #expect(try tenant.count("SELECT FROM relais.campaign_exclusion") == 0)
    }

    @Test("what could be sent to nobody is no draft")
    func refusesDrafts() throws {
        var campaign = Campaign(channel: tenant.channel.id, name: "x", .text("Bonjour"))
        #expect(throws: CampaignError.audienceUndefined) { try tenant.campaigns.add(campaign) }
        campaign.segment = "premium"
        campaign.opening = .text("Bonjour {{nom}}")
        #expect(throws: CampaignError.self) { try tenant.campaigns.add(campaign) }
        campaign.opening = .text("voir http://localhost")
        #expect(throws: CampaignError.self) { try tenant.campaigns.add(campaign) }
        campaign.opening = .template(.v7())
        campaign.followUp = "Merci {{nom}}"
        #expect(throws: CampaignError.self) { try tenant.campaigns.add(campaign) }
    }

    @Test("categories, segment and tags narrow an audience together")
    func narrowsAudiences() throws {
        let some = try tenant.addContacts(4) { $0.segment = .premium }
        try tenant.addContacts(3)
        let category = Category(name: "Fidèles")
        try tenant.categories.add(category)
        try tenant.categories.join(Array(some.prefix(2)), to: category.id)
        let campaign = try tenant.start { campaign in
            campaign.segment = "premium"
            campaign.categories = [category.id]
        }
        #expect(try tenant.statuses(of: campaign) == [.queued: 2])
    }

    @Test("an admin's campaign reaches the admin's own contacts, whoever starts it")
    func adminsReachTheirOwn() throws {
        try tenant.addContacts(3)
        let admin = Identity.member(.v7(), .admin, of: tenant.workspace)
        var mine = Contact(phone: E164("+22960000001"))
        mine.tags = ["vip"]
        mine.optedInAt = .now
        try Contacts(tenant.connection, as: admin).add([mine])
        var campaign = Campaign(channel: tenant.channel.id, name: "x", .text("Bonjour"))
        campaign.tags = ["vip"]
        try Campaigns(tenant.connection, as: admin).add(campaign)
        let frozen = try tenant.campaigns.start(campaign.id)
        #expect(frozen.recipients == 1)
        #expect(try Campaigns(tenant.connection, as: admin).statistics(of: campaign.id).total == 1)
    }

    @Test("stopping cancels what nobody has in hand, and nothing starts it again")
    func stops() throws {
        try tenant.addContacts(6)
        let campaign = try tenant.start()
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        let claimed = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: 2, lease: .seconds(60), in: transaction)
        }
        try tenant.campaigns.stop(campaign)
        #expect(try tenant.statuses(of: campaign) == [.queued: 2, .cancelled: 4])
        #expect(try tenant.count("SELECT FROM relais.outbox") == claimed.count)
        for order in [CampaignOrder.resume, .start, .pause] {
            #expect(throws: CampaignError.notAllowed(.stopped, order)) {
                switch order {
                case .resume: try tenant.campaigns.resume(campaign)
                case .start: try tenant.campaigns.start(campaign)
                default: try tenant.campaigns.pause(campaign)
                }
            }
        }
    }

    @Test("a paused campaign has nothing to take, and goes on where it was")
    func pauses() throws {
        try tenant.addContacts(3)
        let campaign = try tenant.start()
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        let claim = {
            try outbox.transaction { (transaction) throws(DatabaseError) in
                try outbox.claim(limit: 2, lease: .seconds(60), in: transaction).count
            }
        }
        try tenant.campaigns.pause(campaign)
        #expect(try claim() == 0)
        try tenant.campaigns.resume(campaign)
        #expect(try claim() == 2)
    }

    @Test("a relaunched campaign is the same again, from the beginning")
    func relaunches() throws {
        try tenant.addContacts(2)
        let first = try tenant.start(followUp: "Merci")
        try tenant.campaigns.stop(first)
        let again = try tenant.campaigns.relaunch(first)
        #expect(again.relaunchOf == first)
        #expect(try tenant.campaigns.start(again.id).recipients == 2)
        #expect(try tenant.campaigns.find(again.id)?.followUp == "Merci")
        #expect(try tenant.campaigns.page().map(\.id) == [again.id, first])
    }

    @Test("a scheduled campaign starts when its hour comes, and fails in words if it cannot")
    func schedules() throws {
        let tenant = try Tenant(in: MessagingDatabase())
        try tenant.addContacts(1)
        let now = Timestamp.now
        var ids: [UUID] = []
        for tag in ["vip", "nobody"] {
            var campaign = Campaign(channel: tenant.channel.id, name: tag, .text("Bonjour"))
            campaign.tags = [tag]
            try tenant.campaigns.add(campaign)
            try tenant.campaigns.schedule(campaign.id, at: now + .seconds(3600), now: now)
            ids.append(campaign.id)
        }
        #expect(try tenant.control().started.isEmpty)
        try tenant.comeDue()
        #expect(try tenant.control().started.contains(ids[0]))
        #expect(try tenant.campaigns.find(ids[0])?.status == .running)
        let failed = try #require(try tenant.campaigns.find(ids[1]))
        #expect(failed.status == .failed)
        #expect(failed.reason?.detail?.contains("no contact matches") == true)
    }

    @Test("a template that is not approved cannot be started with")
    func needsApproval() throws {
        try tenant.addContacts(1)
        let templates = Templates(tenant.connection, as: tenant.identity)
        let form = TemplateForm(
            name: "promo",
            language: "fr",
            category: .marketing,
            body: "Bonjour {{1}}",
            variables: [TemplateForm.Variable(.body, name: "1")],
            status: .pending
        )
        try templates.add(form, account: "waba")
        var campaign = Campaign(channel: tenant.channel.id, name: "x", .template(form.id))
        campaign.tags = ["vip"]
        campaign.variables = ["1": "{{contact.first_name}}"]
        try tenant.campaigns.add(campaign)
        #expect(throws: CampaignError.templateNotApproved("promo", status: "pending")) {
            try tenant.campaigns.start(campaign.id)
        }
        try templates.set(.approved, of: "promo", language: "fr", account: "waba", reason: nil)
        try tenant.campaigns.start(campaign.id)
        let row = try tenant.read("SELECT body, parameters FROM relais.message")[0]
        #expect(try row.get("body", as: String.self) == "Bonjour Ana0")
        #expect(try row.get("parameters", as: String.self) == "[\"Ana0\"]")
    }
}
