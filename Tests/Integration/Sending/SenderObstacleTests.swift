import Accounts
import Campaigns
import Database
import FunctionContract
import Glibc
import HTTPClient
import Messages
import Networks
import Providers
import Security
import Sending
import Testing
import Work

/// What keeps one channel from sending holds up nobody else, and is not tried again and again.
@Suite(.ownThread)
struct SenderObstacleTests {
    private let database: MessagingDatabase

    init() throws {
        database = try MessagingDatabase()
    }

    @Test("a channel whose secret cannot be opened rests, with the reason; others send")
    func unusable() throws {
        let provider = try SimulatedProvider()
        let broken = try Tenant(in: database, baseURL: provider.baseURL)
        try broken.addContacts(3)
        try broken.startTransactional()
        _ = try broken.read("UPDATE relais.channel SET access = '\\x00'")
        let sound = try Tenant(in: database, baseURL: provider.baseURL)
        try sound.addContacts(3)
        try sound.startTransactional()
        let summary = try sound.send()
        #expect(summary.accepted == 3)
        #expect(summary.remaining == 0)
        #expect(summary.problems.count == 1)
        let state = try broken.read(
            """
            SELECT held_reason, held_until > now() + interval '30 seconds' AS rests
            FROM relais.channel_state
            """
        )[0]
        #expect(try state.get("rests"))
        #expect(Reason(stored: try state.get("held_reason"))?.code == "unusable")
        #expect(try sound.send().problems.isEmpty)
        try Channels(broken.connection, broken.secrets, as: broken.identity)
            .replaceToken(of: broken.channel.id, with: "token")
        #expect(try broken.send().accepted == 3)
    }

    @Test("a channel for which a process has no key is left to others, and said once in a while")
    func locked() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, baseURL: provider.baseURL)
        try tenant.addContacts(3)
        try tenant.startTransactional()
        let other = try SealedSecrets(masterKeys: InboundDatabase.masterKey)
        let stranger = Sender(database.connect(), HTTPClient(egress: .loopback), other)
        for problems in [1, 0] {
            let summary = try stranger.run(until: .now + .seconds(30))
            #expect(summary.problems.count == problems)
            #expect(summary.problems.allSatisfy { $0.contains("master key") })
            #expect(summary.remaining == 0 && summary.processed == 0)
        }
        let isHeld = "SELECT FROM relais.channel_state WHERE held_until > now()"
        #expect(try tenant.count(isHeld) == 0)
        #expect(try tenant.send().accepted == 3)
    }

    @Test("at a day's cap nothing remains that could go")
    func capped() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, baseURL: provider.baseURL, dailyCap: 5)
        try tenant.addContacts(9)
        try tenant.startTransactional()
        let first = try tenant.send()
        #expect(first.accepted == 5)
        #expect(first.remaining == 0)
        #expect(try tenant.send().remaining == 0)
    }

    @Test("a channel that was made without its bucket of tokens gets one")
    func unpaced() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, baseURL: provider.baseURL)
        try tenant.addContacts(4)
        try tenant.startTransactional()
        _ = try tenant.read("DELETE FROM relais.rate_bucket")
        #expect(try tenant.send().accepted == 4)
    }

    @Test("more channels than a run serves at once are all served")
    func manyChannels() throws {
        let provider = try SimulatedProvider()
        var limits = SendLimits()
        limits.channels = 2
        let tenants = try (0..<5).map { _ in
            let tenant = try Tenant(in: database, baseURL: provider.baseURL)
            try tenant.addContacts(2)
            try tenant.startTransactional()
            return tenant
        }
        let connection = tenants[0].connection
        let sender = try Sender(
            connection,
            HTTPClient(egress: .loopback),
            Tenant.vault(),
            limits: limits
        )
        #expect(try sender.run(until: .now + .seconds(120)).accepted == 10)
    }

    @Test("a channel that is resumed while others send goes on in the same run")
    func resumed() throws {
        let provider = try SimulatedProvider()
        let slow = try Tenant(
            in: database,
            baseURL: provider.baseURL,
            pacing: Accounts.Pacing(RateLimit(interval: .milliseconds(400)))
        )
        try slow.addContacts(12)
        try slow.startTransactional()
        let capped = try Tenant(in: database, baseURL: provider.baseURL, dailyCap: 2)
        try capped.addContacts(6)
        let campaign = try capped.startTransactional()
        let raise = asSoonAsItCan(
            Statement("UPDATE relais.counter SET used = 0 WHERE used = 2"),
            in: capped
        )
        let summary = try sendUnhurried(as: slow)
        raise.join()
        #expect(summary.accepted == 16)
        #expect(try capped.statuses(of: campaign)[.accepted] == 4)
    }

    @Test("a contact who is deleted while a message is on its way takes no other's result along")
    func deleted() throws {
        let provider = try SimulatedProvider(["latency": 4000])
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        let contacts = try tenant.addContacts(20)
        let campaign = try tenant.startTransactional()
        let deletion = asSoonAsItCan(
            Statement(
                """
                DELETE FROM relais.contact WHERE id = $1 AND 20 = (
                    SELECT count(*) FROM relais.outbox WHERE state = 'sending')
                """,
                .uuid(contacts[0])
            ),
            in: tenant
        )
        let summary = try sendUnhurried(as: tenant)
        deletion.join()
        #expect(summary.processed == 20)
        #expect(try tenant.statuses(of: campaign) == [.accepted: 19])
    }

    /// Repeats the statement, on a thread of its own, until it has changed a row.
    private func asSoonAsItCan(_ statement: Statement, in tenant: Tenant) -> BackgroundThread {
        let (workspace, database) = (tenant.workspace, database)
        return BackgroundThread {
            let connection = database.connect()
            let options = TransactionOptions(identity: .service(workspace))
            let end = ContinuousClock.now + .seconds(120)
            while ContinuousClock.now < end {
                let rows = try? connection.transaction(options, [statement])
                if rows?[0].affected == 1 { return }
                usleep(5_000)
            }
        }
    }

    /// A run in which no message goes back because it is late.
    private func sendUnhurried(as tenant: Tenant) throws -> SendSummary {
        var limits = SendLimits()
        limits.lateness = .seconds(60)
        let sender = Sender(
            tenant.connection,
            HTTPClient(egress: .loopback),
            try Tenant.vault(),
            limits: limits
        )
        return try sender.run(until: .now + .seconds(120))
    }
}
