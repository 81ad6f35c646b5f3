import Database
import FunctionContract
import Synchronization
import Testing

@testable import Work

/// A request with a key takes effect once, whoever repeats it and whatever dies.
@Suite("Idempotency keys", .ownThread)
struct IdempotencyTests {
    private static let database = Result { try WorkDatabase() }

    private let connection: Connection
    private let owner: Connection
    private let identity = caller("member", of: .v7())
    private let lease = Duration.seconds(60)
    private let reply = StoredReply(
        status: 201,
        headers: #"{"location": "/api/contacts/1"}"#,
        body: Array("créé".utf8)
    )

    init() throws {
        let database = try Self.database.get()
        connection = database.connect()
        owner = try database.connectAsOwner()
    }

    private static func caller(_ name: String, of workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: nil, role: .service, caller: name)
    }

    private var idempotency: Idempotency { Idempotency(connection, as: identity) }

    private func request(
        _ key: String = "k",
        asking digest: UInt8 = 1
    ) -> Idempotency.Request {
        let digest = [UInt8](repeating: digest, count: 32)
        return Idempotency.Request(key: key, digest: digest)
    }

    private func ticket(_ decision: Idempotency.Decision) throws -> Idempotency.Ticket {
        guard case .perform(let ticket) = decision else {
            throw DatabaseError(.other, "not to be performed: \(decision)")
        }
        return ticket
    }

    private func pass(_ column: String) throws {
        try owner.query(
            Statement(
                "UPDATE relais.idempotency SET \(column) = now() WHERE workspace = $1",
                .uuid(identity.workspace)
            )
        )
    }

    @Test("The second request gets the reply of the first; another body with the key is refused")
    func replays() throws {
        let first = try ticket(idempotency.begin(request(), lease: lease))
        #expect(!first.isTakeover)
        #expect(try idempotency.begin(request(), lease: lease) == .inFlight)
        #expect(try idempotency.begin(request(asking: 2), lease: lease) == .otherRequest)
        #expect(try idempotency.finish(first, reply))
        #expect(try idempotency.begin(request(), lease: lease) == .replay(reply))
        #expect(try idempotency.begin(request(asking: 2), lease: lease) == .otherRequest)
        #expect(try !idempotency.finish(first, StoredReply(status: 500, body: [])))
        #expect(try idempotency.begin(request(), lease: lease) == .replay(reply))
    }

    @Test("A key belongs to its caller and its workspace")
    func scopes() throws {
        _ = try ticket(idempotency.begin(request(), lease: lease))
        let other = Idempotency(connection, as: Self.caller("key 1", of: identity.workspace))
        _ = try ticket(other.begin(request(), lease: lease))
        _ = try ticket(idempotency.begin(request("other"), lease: lease))
        let stranger = Self.caller("member", of: .v7())
        let theirs = Idempotency(connection, as: stranger)
        let ticket = try ticket(theirs.begin(request(asking: 9), lease: lease))
        #expect(try theirs.finish(ticket, reply))
        #expect(try idempotency.begin(request(), lease: lease) == .inFlight)
    }

    @Test("A reply is its caller's: no other member of the workspace reads it")
    func privacy() throws {
        let (workspace, mine) = (UUID.v7(), UUID.v7())
        let requester = Identity.member(mine, .manager, of: workspace)
        let own = Idempotency(connection, as: requester)
        #expect(try own.finish(ticket(own.begin(request(), lease: lease)), reply))
        let read = { (identity: Identity) in
            try connection.transaction(
                TransactionOptions(identity: identity),
                [Statement("SELECT FROM relais.idempotency")]
            )[0].count
        }
        #expect(try read(requester) == 1)
        for role in Role.allCases {
            #expect(try read(.member(.v7(), role, of: workspace)) == 0, "\(role)")
        }
        #expect(try read(.service(workspace)) == 0)
        #expect(try read(.member(mine, .manager, of: .v7())) == 0)
    }

    @Test(
        "If the process dies, the next takes over, and the first can change nothing"
    )
    func takeover() throws {
        let dead = try ticket(idempotency.begin(request(), lease: lease))
        try pass("lease_until")
        #expect(try idempotency.begin(request(asking: 2), lease: lease) == .otherRequest)
        let next = try ticket(idempotency.begin(request(), lease: lease))
        #expect(next.isTakeover)
        #expect(try !idempotency.finish(dead, StoredReply(status: 500, body: [])))
        try idempotency.forget(dead)
        #expect(try idempotency.begin(request(), lease: lease) == .inFlight)
        #expect(try idempotency.finish(next, reply))
        #expect(try idempotency.begin(request(), lease: lease) == .replay(reply))
    }

    @Test("A process that dies in the transaction leaves neither the work nor the reply")
    func together() throws {
        let counter = DailyCounter(
            key: UUID.v7().description,
            workspace: identity.workspace,
            timezone: "UTC",
            cap: 100
        )
        let options = TransactionOptions(identity: identity)
        let first = try ticket(idempotency.begin(request(), lease: lease))
        for isKept in [false, true] {
            try connection.transaction(options) { (transaction) throws(DatabaseError) in
                _ = try Counters.take(1, from: counter, in: transaction)
                guard try Idempotency.finish(first, reply, in: transaction), isKept else {
                    return transaction.abandon()
                }
            }
            let expected: Idempotency.Decision = isKept ? .replay(reply) : .inFlight
            #expect(try idempotency.begin(request(), lease: lease) == expected)
        }
        #expect(try Counters(connection).usage(of: counter).used == 1)
    }

    @Test("A request without effect may be repeated, and an expired reply is deleted")
    func ends() throws {
        try idempotency.forget(ticket(idempotency.begin(request(), lease: lease)))
        let again = try ticket(idempotency.begin(request(asking: 2), lease: lease))
        #expect(try idempotency.finish(again, reply))
        try pass("expires_at")
        let anew = try ticket(idempotency.begin(request(asking: 3), lease: lease))
        #expect(!anew.isTakeover)
        #expect(try idempotency.begin(request(asking: 2), lease: lease) == .otherRequest)
    }

    @Test("One of many concurrent requests is performed")
    func concurrently() throws {
        let performed = Mutex(0)
        let request = request()
        let (identity, lease) = (identity, lease)
        runTogether(8, on: try Self.database.get()) { _, connection in
            let decision = try Idempotency(connection, as: identity).begin(request, lease: lease)
            if case .perform = decision {
                performed.withLock { $0 += 1 }
            } else {
                #expect(decision == .inFlight)
            }
        }
        #expect(performed.withLock { $0 } == 1)
    }
}
