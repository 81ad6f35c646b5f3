import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import HTTPClient
import Messages
import Networks
import Providers
import Security
import Sending
import Testing
import Work

@Suite(.ownThread)
struct SenderTests {
    private let database: MessagingDatabase

    init() throws {
        // Senders look for work in all workspaces: each test has a database of its own.
        database = try MessagingDatabase()
    }

    @Test("everything that is due goes out once, and is recorded with its name")
    func sends() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        try tenant.addContacts(500)
        let campaign = try tenant.startTransactional()
        let summary = try tenant.send()
        #expect(summary.accepted == 500)
        #expect(summary.remaining == 0)
        #expect(try provider.taken == 500)
        #expect(try provider.duplicates == 0)
        #expect(try tenant.statuses(of: campaign) == [.accepted: 500])
        #expect(try tenant.count("SELECT FROM relais.outbox") == 0)
        #expect(try tenant.count("SELECT FROM relais.message_reference") == 500)
        let references = try provider.references().compactMap { AttemptReference($0) }
        #expect(Set(references.map(\.message)).count == 500)
    }

    @Test("several senders at once send everything once")
    func senders() throws {
        let provider = try SimulatedProvider(["latency": 5])
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        try tenant.addContacts(600)
        let campaign = try tenant.startTransactional()
        try runSenders(3, on: database)
        #expect(try provider.taken == 600)
        #expect(try provider.duplicates == 0)
        #expect(try tenant.statuses(of: campaign) == [.accepted: 600])
    }

    @Test("a day's cap is the end of the day")
    func caps() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(
            in: database,
            provider: .meta,
            baseURL: provider.baseURL,
            dailyCap: 70
        )
        try tenant.addContacts(100)
        let campaign = try tenant.startTransactional()
        #expect(try tenant.send().accepted == 70)
        #expect(try tenant.send().accepted == 0)
        #expect(try tenant.statuses(of: campaign) == [.accepted: 70, .queued: 30])
        let usage = try Counters(tenant.connection).usage(of: tenant.channel.dailyCounter)
        #expect(usage.used == 70)
        #expect(usage.remainingCapacity(interactionRate: 0.5) == 0)
    }

    @Test("in quiet hours nothing goes out")
    func quiet() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, baseURL: provider.baseURL) { channel in
            channel.timezone = "UTC"
            // All day but one second, whatever the time is.
            let isMorning = Timestamp.now.microseconds / 43_200_000_000 % 2 == 0
            channel.quietHours =
                isMorning
                ? Channel.QuietHours(from: "23:59:59", until: "23:59:58")
                : Channel.QuietHours(from: "00:00:01", until: "00:00:00")
        }
        try tenant.addContacts(3)
        try tenant.startTransactional()
        #expect(try tenant.send().processed == 0)
        #expect(try provider.received == 0)
    }

    @Test("a ban signal pauses the channel, with the reason, and keeps the queue")
    func breaksOnBans() throws {
        let provider = try SimulatedProvider(["errors": [["share": 1, "code": 131_048]]])
        let tenant = try Tenant(
            in: database,
            provider: .meta,
            baseURL: provider.baseURL,
            pacing: Pacing(RateLimit(10, per: .seconds(1)))
        )
        try tenant.addContacts(40)
        let campaign = try tenant.startTransactional()
        #expect(try tenant.send().accepted == 0)
        #expect(try provider.received < 40)
        #expect(try tenant.statuses(of: campaign) == [.queued: 40])
        let row = try tenant.read("SELECT status, reason FROM relais.channel")[0]
        #expect(try row.get("status", as: String.self) == "paused")
        #expect(Reason(stored: try row.get("reason"))?.code == "131048")
        try provider.change(["errors": []])
        #expect(try tenant.send().processed == 0)
        try Channels(tenant.connection, tenant.secrets, as: tenant.identity)
            .resume(tenant.channel.id)
        #expect(try tenant.send().accepted == 40)
    }

    @Test("a provider that cannot be reached stops the channel for a while, and loses nothing")
    func breaksOnSilence() throws {
        let tenant = try Tenant(
            in: database,
            pacing: Pacing(RateLimit(20, per: .seconds(1)))
        )
        try tenant.addContacts(30)
        let campaign = try tenant.startTransactional()
        #expect(try tenant.send(for: .seconds(15)).accepted == 0)
        #expect(try tenant.statuses(of: campaign) == [.queued: 30])
        let state = try tenant.read(
            "SELECT failures, held_until > now() + interval '4 seconds' AS is_held"
                + " FROM relais.channel_state"
        )[0]
        #expect(try state.get("is_held"))
        #expect(try state.get("failures", as: Int.self) > 0)
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE state = 'ready'") == 30)
    }

    @Test("a refused template pauses its campaigns, and other messages go on")
    func pausesTemplates() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        try tenant.addContacts(5)
        let form = TemplateForm(
            name: "promo",
            language: "fr",
            category: .marketing,
            body: "Bonjour {{1}}",
            variables: [TemplateForm.Variable(.body, name: "1")],
            status: .approved
        )
        try Templates(tenant.connection, as: tenant.identity).add(form, account: "waba")
        var campaign = Campaign(channel: tenant.channel.id, name: "x", .template(form.id))
        campaign.tags = ["vip"]
        campaign.variables = ["1": "{{contact.first_name}}"]
        try tenant.campaigns.add(campaign)
        try tenant.campaigns.start(campaign.id)
        try provider.change(["errors": [["share": 1, "code": 132_015]]])
        #expect(try tenant.send().accepted == 0)
        let paused = try #require(try tenant.campaigns.find(campaign.id))
        #expect(paused.status == .paused)
        #expect(paused.reason?.code == "132015")
        try provider.change(["errors": []])
        try tenant.startTransactional()
        #expect(try tenant.send().accepted == 5)
        try tenant.campaigns.resume(campaign.id)
        #expect(try tenant.send().accepted == 5)
    }

    @Test("an answer that was lost makes a message unknown, and it is not sent again")
    func losesAnswers() throws {
        let provider = try SimulatedProvider(["lost": ["reset": 1, "taken": 1]])
        let tenant = try Tenant(
            in: database,
            provider: .meta,
            baseURL: provider.baseURL,
            pacing: Pacing(RateLimit(20, per: .seconds(1)))
        )
        try tenant.addContacts(3)
        let campaign = try tenant.startTransactional { $0.unknownPolicy = .park }
        _ = try tenant.send()
        #expect(try tenant.statuses(of: campaign) == [.unknown: 3])
        try provider.change(["lost": ["reset": 0]])
        _ = try tenant.send()
        #expect(try provider.taken == 3)
        #expect(try provider.duplicates == 0)
    }

    @Test("a number that is not on WhatsApp is given up, with what that says of the contact")
    func givesUp() throws {
        let provider = try SimulatedProvider(["errors": [["share": 1, "code": 131_026]]])
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        try tenant.addContacts(4)
        let campaign = try tenant.startTransactional()
        _ = try tenant.send()
        #expect(try tenant.statuses(of: campaign) == [.failed: 4])
        #expect(
            try tenant.count("SELECT FROM relais.contact WHERE whatsapp_verified IS false") == 4
        )
    }

    @Test("who leaves after the audience was frozen gets nothing any more")
    func respectsLeaving() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, baseURL: provider.baseURL)
        let contacts = try tenant.addContacts(6)
        let campaign = try tenant.startTransactional()
        try tenant.contacts.set(.unsubscribed, of: Array(contacts.prefix(2)))
        try tenant.contacts.set(.blocked, of: [contacts[2]])
        #expect(try tenant.send().accepted == 3)
        #expect(try provider.taken == 3)
        #expect(try tenant.statuses(of: campaign) == [.accepted: 3, .cancelled: 3])
        let usage = try Counters(tenant.connection).usage(of: tenant.channel.dailyCounter)
        #expect(usage.used == 3)
    }

    @Test("Message 2 goes before Message 1, and a small campaign beside a large one")
    func shares() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(300, tag: "many")
        try tenant.addContacts(10, tag: "few")
        let large = try tenant.start(tag: "many")
        let small = try tenant.start(tag: "few")
        _ = try tenant.read(
            """
            UPDATE relais.outbox SET priority = 1
            WHERE message IN (
                SELECT id FROM relais.message WHERE campaign = $1 ORDER BY id DESC LIMIT 4
            )
            """,
            .uuid(large)
        )
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        let claimed = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: 20, lease: .seconds(30), in: transaction)
        }
        let urgent = try tenant.count(
            "SELECT FROM relais.outbox WHERE priority = 1 AND state = 'sending'"
        )
        #expect(claimed.count == 20)
        #expect(urgent == 4)
        #expect(claimed.count { $0.campaign == small } >= 6)
    }
}

/// Senders at the same time, until nothing is left that could go.
func runSenders(_ count: Int, on database: MessagingDatabase) throws {
    runTogether(count, on: database) { _, connection in
        _ = try Sender(connection, HTTPClient(egress: .loopback), Tenant.vault()).run(
            until: .now + .seconds(120)
        )
    }
}

extension Tenant {
    static func vault() throws -> SealedSecrets { try SealedSecrets(masterKeys: masterKeys) }

    /// A campaign for which no window is closed.
    @discardableResult
    func startTransactional(change: (inout Campaign) -> Void = { _ in }) throws -> UUID {
        _ = try read(
            """
            INSERT INTO relais.conversation (workspace, contact, channel, last_inbound_at)
            SELECT workspace, id, $1, now() FROM relais.contact ON CONFLICT DO NOTHING
            """,
            .uuid(channel.id)
        )
        return try start(change: change)
    }

    /// One run of a sender with the time that it has in a function.
    func send(for time: Duration = .seconds(120)) throws -> SendSummary {
        try Sender(connection, HTTPClient(egress: .loopback), secrets).run(until: .now + time)
    }
}
