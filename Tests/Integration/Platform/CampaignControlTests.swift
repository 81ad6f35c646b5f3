import Accounts
import Campaigns
import Database
import FunctionContract
import Testing
import Work

/// The function that starts campaigns, while a tenant's starts take long.
@Suite("campaign-control", .ownThread)
struct CampaignControlTests {
    private let database: PlatformDatabase

    init() throws {
        database = try PlatformDatabase()
    }

    private func tenant() throws -> Tenant {
        let tenant = try Tenant(in: MessagingDatabase(database))
        try tenant.addContacts(1)
        return tenant
    }

    private func schedule(_ count: Int, of tenant: Tenant) throws {
        for place in 0..<count {
            var campaign = Campaign(channel: tenant.channel.id, name: "C\(place)", .text("Bonjour"))
            campaign.tags = ["vip"]
            try tenant.campaigns.add(campaign)
            _ = try tenant.campaigns.schedule(campaign.id, at: .now + .seconds(3_600), now: .now)
        }
    }

    @Test("A tenant whose starts are in hand keeps no other tenant waiting, and no count")
    func others() throws {
        let (busy, quiet) = (try tenant(), try tenant())
        try schedule(4, of: busy)
        try busy.comeDue()
        let tasks = Tasks(database.connect(), worker: "a slow start")
        var front = ClaimFront()
        let held = try tasks.claim(
            CampaignClock.queue,
            limit: CampaignClock.tenantLimit,
            lease: .seconds(3_600),
            front: &front
        )
        #expect(held.tasks.count == CampaignClock.tenantLimit)
        try schedule(1, of: quiet)
        try quiet.comeDue()
        let started = try quiet.start()
        let run = try FunctionRun("campaign-control", on: database)
        #expect(run.json["processed"] == 1)
        #expect(try quiet.campaigns.page().allSatisfy { $0.status == .running })
        #expect(try busy.campaigns.page().allSatisfy { $0.status == .scheduled })
        let counted = "SELECT count(*) FROM relais.campaign_count WHERE campaign = $1"
        #expect(try database.count(counted, .uuid(started)) == 1)
        try tasks.release(held.tasks.map(\.lease))
        #expect(try FunctionRun("campaign-control", on: database).json["processed"] == 4)
    }

    @Test("The counts are folded before a start that cannot end")
    func countsFirst() throws {
        let tenant = try tenant()
        let started = try tenant.start()
        try schedule(1, of: tenant)
        try tenant.comeDue()
        let folded = "SELECT count(*) FROM relais.campaign_count WHERE campaign = $1"
        let holder = Connection(database.ownerURL)
        try holder.run(
            script: "BEGIN; SELECT FROM relais.campaign WHERE status = 'scheduled' FOR UPDATE"
        )
        let control = BackgroundThread { [database] in
            do { _ = try FunctionRun("campaign-control", on: database) } catch {
                Issue.record(error)
            }
        }
        let found = Result {
            try database.waitUntil("the counts are folded") {
                try database.count(folded, .uuid(started)) == 1
            }
        }
        try holder.run(script: "ROLLBACK")
        control.join()
        try found.get()
        #expect(try tenant.campaigns.page().allSatisfy { $0.status == .running })
    }
}
