import Accounts
import Campaigns
import Database
import Dispatch
import FunctionContract
import HTTPClient
import Messages
import Providers
import Sending
import Testing
import Work

/// A campaign that was stopped sends nothing any more, whatever was in hand.
@Suite(.ownThread)
struct StoppedCampaignTests {
    private let database: MessagingDatabase

    init() throws {
        database = try MessagingDatabase()
    }

    /// Answers of a provider that did not send a message and would take it later.
    private static let answers = [
        "429 Too Many Requests": "{}",
        "500 Internal Server Error": failure(131_000),
        "401 Unauthorized": failure(190),
        "400 Bad Request": failure(132_015),
    ]

    private static func failure(_ code: Int) -> String {
        #"{"error":{"message":"no","type":"OAuthException","code":\#(code),"fbtrace_id":"x"}}"#
    }

    @Test(
        "what its provider would take later is cancelled",
        arguments: answers.keys.sorted()
    )
    func answered(status: String) throws {
        let body = Self.answers[status] ?? ""
        let stopped = DispatchGroup()
        stopped.enter()
        let provider = ScriptedServer { _ in
            stopped.wait()
            let head = "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\n"
            return .answer(head + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        defer { provider.stop() }
        let tenant = try Tenant(
            in: database,
            provider: .meta,
            baseURL: "http://127.0.0.1:\(provider.port)"
        )
        try tenant.addContacts(20)
        let campaign = try tenant.startTransactional()
        var limits = SendLimits()
        limits.answer = .seconds(100)
        limits.lease = .seconds(200)
        limits.lateness = .seconds(60)
        let sender = RunningSender(on: database, for: .seconds(300), limits)
        let result = Result {
            try database.waitUntil("requests") { provider.requests.count == 20 }
            try tenant.campaigns.stop(campaign)
        }
        stopped.leave()
        try result.get()
        _ = try sender.summary()
        #expect(try tenant.statuses(of: campaign) == [.cancelled: 20])
        #expect(try tenant.count("SELECT FROM relais.outbox") == 0)
    }

    private func claim(_ tenant: Tenant) throws -> (Outbox, [ClaimedMessage]) {
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        let messages = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: 100, lease: .seconds(60), in: transaction)
        }
        return (outbox, messages)
    }

    @Test("what did not begin is cancelled, also when it is taken for unknown by then")
    func released() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(6)
        let campaign = try tenant.start()
        let (outbox, messages) = try claim(tenant)
        #expect(messages.count == 6)
        _ = try tenant.read(
            "UPDATE relais.outbox SET lease_until = now() WHERE message = ANY ($1)",
            .uuids(messages.prefix(2).map(\.reference.message))
        )
        _ = try CampaignClock(tenant.connection).settle(until: .now + .seconds(600))
        #expect(try tenant.statuses(of: campaign) == [.queued: 4, .unknown: 2])
        try tenant.campaigns.stop(campaign)
        for _ in 1...2 { try outbox.release(messages) }
        #expect(try tenant.statuses(of: campaign) == [.cancelled: 6])
        #expect(try tenant.count("SELECT FROM relais.outbox") == 0)
    }

    @Test("in a campaign that goes on what did not begin waits for its next attempt")
    func goesOn() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(4)
        let campaign = try tenant.start()
        let (outbox, messages) = try claim(tenant)
        _ = try tenant.read(
            "UPDATE relais.outbox SET lease_until = now() WHERE message = $1",
            .uuid(messages[0].reference.message)
        )
        _ = try CampaignClock(tenant.connection).settle(until: .now + .seconds(600))
        for _ in 1...2 { try outbox.release(messages) }
        #expect(try tenant.statuses(of: campaign) == [.queued: 4])
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE state = 'ready'") == 4)
        // An older attempt says nothing about the next one.
        let (_, again) = try claim(tenant)
        try outbox.release(messages)
        #expect(again.count == 4)
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE state = 'sending'") == 4)
    }

    @Test("what a doubtful claim took goes back, unless another has it by then")
    func doubtful() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(3)
        let campaign = try tenant.start()
        let (outbox, messages) = try claim(tenant)
        let doubtful = messages.map { message in
            var message = message
            message.isDoubtful = true
            return message
        }
        try outbox.release(doubtful)
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE state = 'ready'") == 3)
        // As if it had not taken effect: another claims, and counts the same attempt.
        _ = try tenant.read("UPDATE relais.outbox SET attempt = 0")
        let (_, others) = try claim(tenant)
        #expect(Set(others.map(\.reference)) == Set(messages.map(\.reference)))
        try outbox.release(doubtful)
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE state = 'sending'") == 3)
        #expect(try tenant.statuses(of: campaign) == [.queued: 3])
    }

    @Test("stopped at the very moment at which messages come back, it keeps none")
    func races() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(10)
        let (workspace, channel) = (tenant.workspace, tenant.channel.id)
        for round in 0..<20 {
            let campaign = try tenant.start()
            let (_, messages) = try claim(tenant)
            runTogether(3, on: database) { number, connection in
                let outbox = Outbox(connection, workspace: workspace, channel: channel)
                switch number {
                case 0: try Campaigns(connection, as: .service(workspace)).stop(campaign)
                case 1: try outbox.release(Array(messages.prefix(5)))
                default:
                    let results = messages.dropFirst(5).map { message in
                        AttemptResult(message, Verdict(releasing: message))
                    }
                    _ = try outbox.record(results, breaker: Breaker(failures: 0))
                }
            }
            #expect(try tenant.statuses(of: campaign) == [.cancelled: 10], "round \(round)")
            #expect(try tenant.count("SELECT FROM relais.outbox") == 0)
        }
    }
}
