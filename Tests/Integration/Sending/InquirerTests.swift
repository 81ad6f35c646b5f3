import Accounts
import Campaigns
import Database
import FunctionContract
import HTTPClient
import Messages
import Networks
import Providers
import Sending
import Testing

/// Answers that were lost, and providers that can be asked.
@Suite(.ownThread)
struct InquirerTests {
    private let database: MessagingDatabase

    init() throws {
        database = try MessagingDatabase()
    }

    @Test(
        "what went out is found at its provider, and what did not stays unknown",
        arguments: [Provider.wassenger, .waha, .evolution, .respondIO, .twilio]
    )
    func settles(provider: Provider) throws {
        let simulator = try SimulatedProvider(losing(0.5))
        let tenant = try tenant(of: provider, at: simulator)
        try tenant.addContacts(4)
        let campaigns = try [tenant.startTransactional(), tenant.startTransactional()]
        try tenant.send(untilUnknown: 8)
        let taken = try simulator.taken
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE state = 'unknown'") == 8)
        #expect(try tenant.inquire() == Inquirer.Report())
        try tenant.makeInquiriesDue()
        let report = try tenant.inquire()
        #expect(report == Inquirer.Report(asked: 8, settled: taken))
        var counts: [MessageStatus: Int] = [:]
        for campaign in campaigns {
            counts.merge(try tenant.statuses(of: campaign)) { $0 + $1 }
        }
        #expect(counts[.unknown, default: 0] == 8 - taken)
        #expect(counts.filter(\.key.isSuccess).values.reduce(0, +) == taken)
        #expect(try tenant.count("SELECT FROM relais.message_reference") >= taken)
        #expect(try tenant.inquire().asked == 0)
    }

    @Test("what no provider knows of is sent once more, and nobody gets it twice")
    func resendsTheRest() throws {
        let simulator = try SimulatedProvider(losing(0.5))
        let tenant = try tenant(of: .waha, at: simulator)
        try tenant.addContacts(8)
        let campaign = try tenant.startTransactional { $0.unknownPolicy = .retryOnce }
        try tenant.send(untilUnknown: 8)
        try tenant.makeInquiriesDue()
        _ = try tenant.inquire()
        try simulator.change(["lost": ["reset": 0]])
        _ = try tenant.read("UPDATE relais.outbox SET lease_until = now()")
        _ = try tenant.transaction { (transaction) throws(DatabaseError) in
            try SettledMessages.run(now: .now, in: transaction)
        }
        try tenant.sendDespiteBreaker()
        #expect(try simulator.taken == 8)
        #expect(try simulator.duplicates == 0)
        #expect(try tenant.campaigns.statistics(of: campaign).succeeded == 8)
    }

    @Test("a provider that does not answer is asked again later, and settles nothing")
    func waits() throws {
        let simulator = try SimulatedProvider(losing(1))
        let tenant = try tenant(of: .evolution, at: simulator)
        try tenant.addContacts(1)
        try tenant.startTransactional()
        try tenant.send(untilUnknown: 1)
        _ = try tenant.read("UPDATE relais.channel SET base_url = 'http://127.0.0.1:9'")
        try tenant.makeInquiriesDue()
        let report = try tenant.inquire()
        #expect(report.asked == 1)
        #expect(report.settled == 0)
        #expect(report.problems.count == 1)
        #expect(
            try tenant.count(
                """
                SELECT FROM relais.outbox WHERE state = 'unknown'
                    AND due_at > now() + interval '50 seconds' AND due_at < lease_until
                """
            ) == 1
        )
    }

    @Test("the sending function asks when its schedule calls it, even for a channel that is held")
    func runsOnSchedule() throws {
        let simulator = try SimulatedProvider(losing(1))
        let tenant = try tenant(of: .waha, at: simulator)
        try tenant.addContacts(3)
        let campaign = try tenant.startTransactional()
        try tenant.send(untilUnknown: 3)
        try tenant.makeInquiriesDue()
        _ = try tenant.read("UPDATE relais.channel_state SET held_until = 'infinity'")
        let run = try FunctionRun(
            "send-batch",
            on: nil,
            environment: [
                "DATABASE_URL": database.url, "RELAIS_MASTER_KEYS": Tenant.masterKeys,
                "RELAIS_ALLOWED_NETWORKS": "127.0.0.0/8",
            ]
        )
        #expect(run.json["processed"] == 0, "\(run.log)")
        #expect(try tenant.campaigns.statistics(of: campaign).succeeded == 3, "\(run.log)")
        #expect(try tenant.count("SELECT FROM relais.outbox") == 0)
    }

    /// Every answer is lost; so many messages go out all the same, and arrive.
    private func losing(_ taken: Double) -> JSON {
        ["preset": "perfect", "lost": ["reset": 1, "taken": .number(taken)]]
    }

    private func tenant(of provider: Provider, at simulator: SimulatedProvider) throws -> Tenant {
        let path = (provider.publicBaseURL ?? "").split(separator: "/").dropFirst(2)
            .map { "/" + $0 }.joined()
        return try Tenant(in: database, provider: provider, baseURL: simulator.baseURL + path) {
            channel in
            channel.pairGap = .zero
            if provider == .respondIO { channel.externalID = "12" }
            if provider.needsAccount { channel.accountID = "AC1" }
        }
    }
}

extension Tenant {
    /// One run of a sender on a channel that nothing holds back.
    fileprivate func sendDespiteBreaker() throws {
        _ = try read("UPDATE relais.channel_state SET failures = 0, held_until = '-infinity'")
        _ = try send()
    }

    /// Runs of a sender until of so many messages nobody knows what became of them.
    fileprivate func send(untilUnknown count: Int) throws {
        let unknown = "SELECT FROM relais.outbox WHERE state = 'unknown'"
        try database.waitUntil("\(count) unknown messages") {
            try sendDespiteBreaker()
            return try self.count(unknown) >= count
        }
    }

    fileprivate func makeInquiriesDue() throws {
        _ = try read("UPDATE relais.outbox SET due_at = now() WHERE state = 'unknown'")
    }

    fileprivate func inquire() throws -> Inquirer.Report {
        try Inquirer(connection, HTTPClient(egress: .loopback), secrets).run(
            until: .now + .seconds(120)
        )
    }
}
