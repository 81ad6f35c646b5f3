import Accounts
import Campaigns
import Database
import FunctionContract
import HTTPClient
import Messages
import Providers
import Sending
import Testing
import Work

/// The database is away for some seconds, and a sender lives on.
@Suite(.ownThread, .enabled(if: PrivateServer.Version.embedded.isInstalled))
struct SenderOutageTests {
    private let latency = 3000

    @Test("what a sender knows is recorded once the database is back, and nothing is unknown")
    func remembers() throws {
        let server = try PrivateServer(.embedded)
        let database = try MessagingDatabase(emptyAt: server.url(database: "postgres"))
        let provider = try SimulatedProvider(["latency": .integer(latency)])
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        try tenant.addContacts(40)
        let campaign = try tenant.startTransactional()
        var limits = SendLimits()
        limits.lease = .seconds(300)
        limits.lateness = .seconds(60)
        let sender = RunningSender(on: database, for: .seconds(200), limits)
        try database.waitUntil("requests") { try provider.received == 40 }
        try server.stop()
        // The provider has answered all of them by then.
        let last = try #require(try provider.times().max())
        try database.waitUntil("answers") {
            Int(Timestamp.now.microseconds / 1000) > last + latency + 500
        }
        try server.start()
        // The run may end with the error of a look that it took meanwhile.
        _ = try? sender.summary()
        #expect(try tenant.statuses(of: campaign) == [.accepted: 40])
        #expect(try tenant.count("SELECT FROM relais.outbox") == 0)
        #expect(try tenant.count("SELECT FROM relais.message_reference") == 40)
        #expect(try provider.duplicates == 0)
    }

    @Test("a sender that cannot tell what it knows says so once the messages are not its own")
    func givesUp() throws {
        let server = try PrivateServer(.embedded)
        let database = try MessagingDatabase(emptyAt: server.url(database: "postgres"))
        let provider = try SimulatedProvider(["latency": .integer(latency)])
        let tenant = try Tenant(in: database, provider: .meta, baseURL: provider.baseURL)
        try tenant.addContacts(4)
        try tenant.startTransactional()
        var limits = SendLimits()
        limits.lease = .seconds(15)
        limits.lateness = .seconds(60)
        let sender = RunningSender(on: database, for: .seconds(200), limits)
        try database.waitUntil("requests") { try provider.received == 4 }
        try server.stop()
        let error = #expect(throws: DatabaseError.self) { _ = try sender.summary() }
        #expect(error?.concernsTheServer == true)
    }
}

extension DatabaseError {
    fileprivate var concernsTheServer: Bool {
        [.unreachable, .connectionLost, .commitUnknown].contains(code)
    }
}
