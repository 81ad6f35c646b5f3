import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Messages
import Providers
import Testing

/// What people tell a campaign once it is under way or over.
@Suite(.ownThread)
struct CampaignOrderTests {
    private let tenant: Tenant

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
    }

    @Test("an admin's campaign stays the admin's when somebody else relaunches it")
    func relaunchesForItsMaker() throws {
        try tenant.addContacts(3)
        let user = UUID.v7()
        let admin = Identity.member(user, .admin, of: tenant.workspace)
        var mine = Contact(phone: E164("+22960000002"))
        mine.tags = ["vip"]
        mine.optedInAt = .now
        try Contacts(tenant.connection, as: admin).add([mine])
        var campaign = Campaign(channel: tenant.channel.id, name: "x", .text("Bonjour"))
        campaign.tags = ["vip"]
        try Campaigns(tenant.connection, as: admin).add(campaign)
        let superAdmin = Identity.member(.v7(), .superAdmin, of: tenant.workspace)
        for identity in [tenant.identity, superAdmin] {
            let campaigns = Campaigns(tenant.connection, as: identity)
            let again = try campaigns.relaunch(campaign.id)
            #expect(try campaigns.start(again.id).recipients == 1)
        }
        #expect(try Campaigns(tenant.connection, as: admin).page().count == 2)
        let again = try tenant.campaigns.relaunch(tenant.start("Bonjour"))
        #expect(try tenant.campaigns.start(again.id).recipients == 4)
    }

    @Test("a retry without anything to send again changes nothing")
    func retriesNothing() throws {
        try tenant.addContacts(1)
        let campaign = try tenant.start()
        _ = try tenant.read("DELETE FROM relais.outbox")
        _ = try tenant.read("UPDATE relais.message SET status = 'delivered'")
        _ = try tenant.read("UPDATE relais.campaign SET reason = '{\"fr\": \"a\", \"en\": \"b\"}'")
        #expect(try tenant.campaigns.completeFinished() == [campaign])
        let before = try tenant.campaigns.find(campaign)
        #expect(before?.status == .completed && before?.reason != nil)
        #expect(try tenant.campaigns.retryFailed(campaign) == 0)
        #expect(try tenant.campaigns.resendParked(campaign) == 0)
        #expect(try tenant.campaigns.giveUpParked(campaign) == 0)
        #expect(try tenant.campaigns.find(campaign) == before)
    }

    @Test("what was held back may be used again after a resume; what was refused for good may not")
    func releases() throws {
        try tenant.addContacts(1)
        let templates = Templates(tenant.connection, as: tenant.identity)
        let form = TemplateForm(
            name: "promo",
            language: "fr",
            category: .marketing,
            body: "Bonjour",
            variables: [],
            status: .approved
        )
        try templates.add(form, account: "waba")
        let campaign = try tenant.start { $0.opening = .template(form.id) }
        let status = { try templates.find([form.id]).first?.status }
        let set = { (status: TemplateForm.Status) in
            _ = try templates.set(
                status,
                of: "promo",
                language: "fr",
                account: "waba",
                reason: "x"
            )
        }
        try set(.paused)
        try tenant.campaigns.pause(campaign)
        #expect(throws: CampaignError.templateNotApproved("promo", status: "paused")) {
            try tenant.campaigns.start(tenant.campaigns.relaunch(campaign).id)
        }
        try tenant.campaigns.resume(campaign)
        #expect(try status() == .approved)
        #expect(try !tenant.campaigns.releaseTemplate(of: campaign))
        try set(.paused)
        #expect(try tenant.campaigns.releaseTemplate(of: campaign))
        #expect(try status() == .approved)
        for refused in [TemplateForm.Status.rejected, .disabled, .pending] {
            try set(refused)
            #expect(try !tenant.campaigns.releaseTemplate(of: campaign))
            #expect(try status() == refused)
        }
    }

    @Test("who may change a campaign may release its template, an admin too")
    func releasesAsAdmin() throws {
        try tenant.addContacts(1)
        let form = TemplateForm(
            name: "offre",
            language: "fr",
            category: .marketing,
            body: "Bonjour",
            variables: [],
            status: .approved
        )
        let templates = Templates(tenant.connection, as: tenant.identity)
        try templates.add(form, account: "waba")
        let user = UUID.v7()
        let campaign = try tenant.start { $0.opening = .template(form.id) }
        _ = try tenant.read(
            "UPDATE relais.campaign SET created_by = $1, audience_creator = $1",
            .uuid(user)
        )
        _ = try tenant.read("UPDATE relais.template SET status = 'paused'")
        try tenant.campaigns.pause(campaign)
        let other = try Tenant(in: MessagingDatabase.shared.get())
        for identity in [
            Identity.member(.v7(), .admin, of: tenant.workspace),
            .member(user, .reader, of: tenant.workspace),
            .member(user, .operator, of: tenant.workspace), other.identity,
        ] {
            let campaigns = Campaigns(tenant.connection, as: identity)
            #expect(try !campaigns.releaseTemplate(of: campaign), "\(identity)")
        }
        let mine = Campaigns(
            tenant.connection,
            as: .member(user, .admin, of: tenant.workspace)
        )
        try mine.resume(campaign)
        #expect(try templates.find([form.id]).first?.status == .approved)
        #expect(try mine.find(campaign)?.status == .running)
    }

    @Test("a retry leaves alone what a person gave up")
    func givesUp() throws {
        try tenant.addContacts(2)
        let campaign = try tenant.start()
        _ = try tenant.read(
            """
            WITH parked AS (
                UPDATE relais.outbox SET state = 'parked', lease_until = 'infinity', attempt = 1
                WHERE message = (SELECT min(message::text)::uuid FROM relais.outbox)
                RETURNING message
            )
            UPDATE relais.message SET status = 'parked', attempts = 1
            FROM parked WHERE id = parked.message
            """
        )
        _ = try tenant.read(
            "UPDATE relais.message SET status = 'failed', attempts = 1 WHERE status = 'queued'"
        )
        _ = try tenant.read("DELETE FROM relais.outbox WHERE state = 'ready'")
        #expect(try tenant.campaigns.giveUpParked(campaign) == 1)
        #expect(try tenant.statuses(of: campaign) == [.failed: 2])
        #expect(try tenant.campaigns.retryFailed(campaign) == 1)
        let report = try tenant.campaigns.report(
            on: try #require(try tenant.campaigns.find(campaign))
        )
        #expect(report.failures.map { $0.reason?.code } == ["abandoned"])
        #expect(try tenant.campaigns.retryFailed(campaign) == 0)
    }

    @Test("a report counts states, Message 2, exclusions and failures, the most frequent first")
    func reports() throws {
        let contacts = try tenant.addContacts(6)
        try tenant.addContacts(2) { $0.optedInAt = nil }
        try tenant.addContacts(1) { $0.firstName = nil }
        let campaign = try tenant.start(followUp: "Merci")
        for (place, reason) in [("a", "1"), ("a", "2"), ("b", "3")].enumerated() {
            _ = try tenant.read(
                """
                UPDATE relais.message SET status = 'failed',
                    reason = jsonb_build_object('code', $2, 'fr', 'F' || $2, 'en', 'E',
                        'detail', $3)
                WHERE contact = $1
                """,
                .uuid(contacts[place]),
                .text(reason.0),
                .text(reason.1)
            )
        }
        _ = try tenant.read(
            "UPDATE relais.message SET status = 'failed' WHERE contact = $1",
            .uuid(contacts[3])
        )
        let stored = try #require(try tenant.campaigns.find(campaign))
        let report = try tenant.campaigns.report(on: stored)
        #expect(report.statistics.counts == [.queued: 2, .failed: 4])
        #expect(report.followUps.total == 0)
        #expect(report.channel.name == "Boutique" && report.channel.isActive)
        #expect(report.template == nil)
        #expect(report.exclusions.map(\.exclusion.reason) == [.noOptIn, .missingValue])
        #expect(report.exclusions.map(\.count) == [2, 1])
        #expect(report.exclusions[1].exclusion.detail?.contains("first_name") == true)
        #expect(report.failures.map(\.reason?.french) == ["Fa", "Fb", nil])
        #expect(report.failures.map(\.count) == [2, 1, 1])
        #expect(report.failures[0].reason?.detail == "1")
    }

    @Test("a campaign is found by its id and by its name, in its own workspace only")
    func finds() throws {
        try tenant.addContacts(1)
        let first = try tenant.start()
        let second = try tenant.campaigns.relaunch(first).id
        #expect(try tenant.campaigns.called("Soldes").map(\.id) == [second, first])
        #expect(try tenant.campaigns.called(first.description).map(\.id) == [first])
        #expect(try tenant.campaigns.called("Sold").isEmpty)
        let other = try Tenant(in: MessagingDatabase.shared.get())
        #expect(try other.campaigns.called("Soldes").isEmpty)
        #expect(try other.campaigns.called(first.description).isEmpty)
        #expect(try other.campaigns.statistics(of: [first, second]).isEmpty)
        let stored = try #require(try tenant.campaigns.find(first))
        #expect(throws: CampaignError.channelMissing(tenant.channel.id)) {
            try other.campaigns.report(on: stored)
        }
    }
}
