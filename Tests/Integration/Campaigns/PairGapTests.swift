import Accounts
import Campaigns
import Database
import Messages
import Testing

/// Nobody gets two messages at once, from however many campaigns of a channel.
@Suite(.ownThread)
struct PairGapTests {
    private let tenant: Tenant

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get()) { $0.pairGap = .seconds(60) }
    }

    private func claim(_ limit: Int = 10) throws -> [ClaimedMessage] {
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        return try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: limit, lease: .seconds(30), in: transaction)
        }
    }

    @Test("of two campaigns to the same people each gets one now and the other after the gap")
    func oneAtATime() throws {
        let people = try tenant.addContacts(4)
        try tenant.start()
        try tenant.start()
        let first = try claim()
        #expect(Set(first.map(\.contact)) == Set(people))
        #expect(first.count == 4)
        #expect(try claim().isEmpty)
        #expect(
            try tenant.count(
                """
                SELECT FROM relais.outbox WHERE state = 'ready'
                    AND due_at > now() + interval '20 seconds'
                    AND due_at <= now() + interval '60 seconds'
                """
            ) == 4
        )
        _ = try tenant.read("UPDATE relais.outbox SET due_at = now() WHERE state = 'ready'")
        #expect(try claim().count == 4)
    }

    @Test("what waits for the same person is put off even when it was not due yet")
    func retries() throws {
        try tenant.addContacts(1)
        let early = try tenant.start()
        let late = try tenant.start()
        _ = try tenant.read(
            "UPDATE relais.outbox SET due_at = now() + interval '2 seconds' WHERE lane = $1",
            .uuid(late)
        )
        #expect(try claim().map(\.campaign) == [early])
        #expect(
            try tenant.count(
                """
                SELECT FROM relais.outbox
                WHERE lane = $1 AND due_at > now() + interval '20 seconds'
                """,
                .uuid(late)
            ) == 1
        )
    }

    @Test("the more urgent one goes first, and a claim takes as many people as it may")
    func urgentFirst() throws {
        try tenant.addContacts(3)
        try tenant.start()
        let urgent = try tenant.start()
        _ = try tenant.read(
            "UPDATE relais.outbox SET priority = 1 WHERE lane = $1",
            .uuid(urgent)
        )
        #expect(Set(try claim().map(\.campaign)) == [urgent])
    }

    @Test("other people, and the same people on another channel, do not wait")
    func others() throws {
        try tenant.addContacts(3, tag: "one")
        try tenant.addContacts(3, tag: "two")
        try tenant.start(tag: "one")
        try tenant.start(tag: "two")
        #expect(try claim().count == 6)
    }

    @Test("a channel without a gap sends both at once")
    func noGap() throws {
        _ = try tenant.read("UPDATE relais.channel SET pair_gap_seconds = 0")
        try tenant.addContacts(2)
        try tenant.start()
        try tenant.start()
        #expect(try claim().count + claim().count == 4)
    }
}
