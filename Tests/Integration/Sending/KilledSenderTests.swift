import Accounts
import Campaigns
import Database
import FunctionContract
import Glibc
import Messages
import Providers
import SeededRandom
import Testing
import Work

/// The function itself, killed without warning.
@Suite(.ownThread)
struct KilledSenderTests {
    @Test("killed at any moment, again and again, it sends nothing twice and forgets nothing")
    func kills() throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        let database = try MessagingDatabase()
        let provider = try SimulatedProvider(["latency": 30])
        let tenant = try Tenant(
            in: database,
            provider: .meta,
            baseURL: provider.baseURL,
            pacing: Pacing(RateLimit(1000, per: .seconds(1), burst: 50))
        )
        let count = 2000
        try tenant.addContacts(count)
        let campaign = try tenant.startTransactional { $0.unknownPolicy = .park }
        for _ in 0..<6 {
            let function = try start(on: database)
            let target = try provider.received + Int.random(in: 1...150, using: &random)
            // On a busy machine everything may be sent before anybody has looked.
            try function.wait("sends") {
                let hasReplied = !function.received(of: 1).isEmpty
                return try provider.received >= target || hasReplied ? true : nil
            }
            usleep(UInt32.random(in: 0...20_000, using: &random))
            function.send(SIGKILL)
            _ = try function.waitForExit()
        }
        let last = try start(on: database)
        while try remaining(last.line()) > 0 { last.feed(Self.event()) }
        last.closeInput()
        #expect(try last.waitForExit() == .code(0))

        #expect(try provider.duplicates == 0, "seed \(seed)")
        try settle(tenant)
        let statuses = try tenant.statuses(of: campaign)
        #expect(statuses[.queued] == nil, "seed \(seed): \(statuses)")
        #expect((statuses[.accepted] ?? 0) + (statuses[.unknown] ?? 0) == count)

        // Every unknown message that went out says so itself, by the reference that it carried.
        let notes = try provider.references().map { reference in
            DeliveryNote(
                providerIDs: ["late.\(reference)"],
                reference: AttemptReference(reference),
                status: .sent,
                at: .now
            )
        }
        for start in stride(from: 0, to: notes.count, by: 500) {
            try tenant.transaction { (transaction) throws(DatabaseError) in
                _ = try Deliveries.apply(
                    Array(notes[start..<min(start + 500, notes.count)]),
                    on: tenant.channel.id,
                    in: transaction
                )
            }
        }
        let settled = try tenant.statuses(of: campaign)
        #expect(settled[.sent] == (try provider.taken), "seed \(seed): \(settled)")
        #expect((settled[.sent] ?? 0) + (settled[.unknown] ?? 0) == count, "seed \(seed)")
    }

    /// The function in a stream, with an event to work on.
    private func start(on database: MessagingDatabase) throws -> ChildProcess {
        let process = try ChildProcess(
            BuiltProduct.path("send-batch"),
            environment: [
                "DATABASE_URL": database.url, "RELAIS_MASTER_KEYS": Tenant.masterKeys,
                "RELAIS_ALLOWED_NETWORKS": "127.0.0.0/8",
                "FUNCTION_STREAM": "1",
            ]
        )
        process.feed(Self.event())
        return process
    }

    private static func event() -> [UInt8] {
        var event = CloudEvent(id: "1", source: "/test", type: CloudEvent.queueReady)
        event.data = ["queue": "send"]
        let now = Timestamp.now
        event.deadline = Timestamp(milliseconds: now.milliseconds + 40_000)
        return Event.cloud(event).bytes + [UInt8(ascii: "\n")]
    }

    /// What the function has left for another call.
    private func remaining(_ reply: [UInt8]?) throws -> Int {
        let reply = try JSONParser.parse(try #require(reply, "the function ended"))
        return try #require(reply["remaining"]?.integer, "\(reply.text)")
    }

    /// What the clock does when leases have run out.
    private func settle(_ tenant: Tenant) throws {
        _ = try tenant.read(
            "UPDATE relais.outbox SET lease_until = now() WHERE state = 'sending'"
        )
        try tenant.settle()
    }
}
