import Accounts
@testable import Campaigns
@testable import Messages
import Database
import FunctionContract
@testable import Providers
import SeededRandom
import Synchronization
import Testing

@Suite(.ownThread)
struct DeliveryTests {
    private let tenant: Tenant
    private let campaign: UUID
    private let outbox: Outbox

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
        try tenant.addContacts(4)
        campaign = try tenant.start()
        outbox = Outbox(tenant.connection, workspace: tenant.workspace, channel: tenant.channel.id)
    }

    @Test("a status never moves down, whatever comes in whatever order and how often")
    func monotone() throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        let message = try claim(1)[0]
        try accept(message, as: "wamid.1")
        var before = MessageStatus.accepted
        let all: [MessageStatus] = [.accepted, .sent, .failed, .delivered, .read, .played]
        for _ in 0..<40 {
            let told = try #require(all.randomElement(using: &random))
            try apply(note("wamid.1", told))
            let after = try status(of: message)
            #expect(after >= before, "seed \(seed): \(before) then \(told) gave \(after)")
            #expect(after == max(before, told), "seed \(seed)")
            before = after
        }
    }

    @Test("a status that comes before the answer to the send waits for it")
    func orphans() throws {
        let message = try claim(1)[0]
        try apply(note("wamid.2", .delivered))
        #expect(try tenant.count("SELECT FROM relais.orphan_status") == 1)
        #expect(try status(of: message) == .queued)
        try accept(message, as: "wamid.2")
        #expect(try status(of: message) == .delivered)
        #expect(try tenant.count("SELECT FROM relais.orphan_status") == 0)
    }

    @Test("a status that echoes our reference settles a send whose answer was lost")
    func echoes() throws {
        let message = try claim(1)[0]
        try record(message, .unknown(Reason(french: "x", english: "x")))
        #expect(try status(of: message) == .unknown)
        try apply(note("wamid.3", .sent, message.reference))
        #expect(try status(of: message) == .sent)
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE state <> 'ready'") == 0)
        try apply(note("wamid.3", .read))
        #expect(try status(of: message) == .read)
    }

    @Test("a status that overtakes the recorded answer leaves nothing to send")
    func overtakes() throws {
        let message = try claim(1)[0]
        try apply(note("wamid.4", .sent, message.reference))
        try accept(message, as: "wamid.4")
        #expect(try status(of: message) == .sent)
        #expect(try claim(10).count == 3)
    }

    @Test("a failure of an old attempt says nothing about the new one, a delivery everything")
    func oldAttempts() throws {
        let message = try claim(1)[0]
        try accept(message, as: "wamid.5")
        try apply(note("wamid.5", .failed))
        #expect(try tenant.campaigns.retryFailed(campaign) == 1)
        try apply(note("wamid.5", .failed))
        #expect(try status(of: message) == .queued)
        try apply(note("wamid.5", .delivered))
        #expect(try status(of: message) == .delivered)
        #expect(try claim(10).allSatisfy { $0.reference.message != message.reference.message })
    }

    @Test("a ban that a receipt tells of pauses the channel, once for each message")
    func bans() throws {
        let message = try claim(1)[0]
        try accept(message, as: "wamid.7")
        var update = StatusUpdate(messageID: MessageID("wamid.7"), status: .failed)
        update.failure = ProviderFailure(code: "131048", title: "Spam rate limit hit")
        let banned = DeliveryNote(update, from: .meta, now: .now)
        try apply(banned)
        #expect(try status(of: message) == .queued)
        let row = try tenant.read("SELECT status, reason FROM relais.channel")[0]
        #expect(try row.get("status", as: String.self) == "paused")
        #expect(Reason(stored: try row.get("reason"))?.code == "131048")
        _ = try tenant.read("UPDATE relais.channel SET status = 'active', reason = NULL")
        try apply(banned)
        #expect(try tenant.count("SELECT FROM relais.channel WHERE status = 'active'") == 1)
    }

    @Test("an outcome that comes after its lease ended and a retry changes nothing")
    func staleOutcomes() throws {
        let message = try claim(1)[0]
        try record(message, .again(after: .zero, counts: true, Reason(french: "x", english: "x")))
        let again = try claim(10).first { $0.reference.message == message.reference.message }
        let second = try #require(again)
        #expect(second.reference.attempt == 2)
        #expect(second.failures == 1)
        try record(message, .failed(Reason(french: "x", english: "x"), .none))
        #expect(try status(of: message) == .queued)
        try accept(second, as: "wamid.6")
        #expect(try status(of: message) == .accepted)
    }

    @Test("a sender that died leaves its messages unknown; marketing is parked for a person")
    func parks() throws {
        let message = try claim(1)[0]
        try expireLeases()
        #expect(try settle() == SettledMessages(unknown: 1))
        #expect(try status(of: message) == .unknown)
        #expect(try claim(10).count == 3)
        #expect(try settle() == SettledMessages())
        try expireLeases(in: "unknown")
        #expect(try settle() == SettledMessages(parked: 1))
        #expect(try status(of: message) == .parked)
        #expect(try claim(10).isEmpty)
        #expect(try tenant.campaigns.resendParked(campaign) == 1)
        #expect(try claim(10).map(\.reference.attempt) == [2])
    }

    @Test("a transactional message of which nobody knows is sent once more, and not twice")
    func resends() throws {
        _ = try tenant.read("UPDATE relais.campaign SET unknown_policy = 'retry_once'")
        let claimed = try claim(4)
        for (place, other) in claimed.dropFirst().enumerated() {
            try accept(other, as: "wamid.o\(place)")
        }
        let message = claimed[0]
        for expected in [SettledMessages(resent: 1), SettledMessages(parked: 1)] {
            try expireLeases()
            #expect(try settle() == SettledMessages(unknown: 1))
            try expireLeases(in: "unknown")
            #expect(try settle() == expected)
            if expected.resent == 1 {
                #expect(try claim(1).map(\.reference.message) == [message.reference.message])
            }
        }
        #expect(try status(of: message) == .parked)
    }

    @Test("a campaign is done when nothing is left to send, to settle or to wait for")
    func completes() throws {
        for (place, message) in try claim(4).enumerated() {
            #expect(try tenant.campaigns.completeFinished().isEmpty)
            try accept(message, as: "wamid.c\(place)")
        }
        #expect(try tenant.campaigns.completeFinished() == [campaign])
        #expect(try tenant.campaigns.find(campaign)?.status == .completed)
    }

    @Test("a campaign to which a message goes back at this moment is not done")
    func goesOn() throws {
        for (place, message) in try claim(4).enumerated() {
            try accept(message, as: "wamid.g\(place)")
        }
        let (campaign, database, identity) = (campaign, tenant.database, tenant.identity)
        let owner = try database.connectAsOwner()
        let completion = CompletionBox()
        var thread: BackgroundThread?
        try tenant.transaction { (transaction) throws(DatabaseError) in
            let lock = "SELECT FROM relais.campaign WHERE id = $1 FOR SHARE"
            try transaction.query(Statement(lock, .uuid(campaign)))
            thread = BackgroundThread {
                let campaigns = Campaigns(database.connect(), as: identity)
                let result = try? campaigns.complete(campaign)
                completion.value.withLock { $0 = result }
            }
            try? database.waitUntil("the completion to wait for the campaign") {
                try !owner.query(
                    Statement(
                        """
                        SELECT FROM pg_stat_activity WHERE datname = current_database()
                            AND wait_event_type = 'Lock' AND query LIKE '%relais.campaign WHERE%'
                        """
                    )
                ).isEmpty
            }
            try transaction.query(
                Statement(
                    """
                    INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)
                    SELECT id, workspace, campaign, 2, now() FROM relais.message
                    WHERE campaign = $1 LIMIT 1
                    """,
                    .uuid(campaign)
                )
            )
        }
        thread?.join()
        #expect(completion.value.withLock { $0 } == .sends)
        #expect(try tenant.campaigns.find(campaign)?.status == .running)
    }

    @Test("a campaign of which every message failed has failed")
    func fails() throws {
        for message in try claim(4) {
            try record(message, .failed(Reason(french: "x", english: "x"), .undeliverable))
        }
        #expect(try tenant.campaigns.completeFinished() == [campaign])
        #expect(try tenant.campaigns.find(campaign)?.status == .failed)
        #expect(
            try tenant.count("SELECT FROM relais.contact WHERE whatsapp_verified IS false") == 4
        )
        #expect(try tenant.campaigns.retryFailed(campaign) == 0)
    }

    private func claim(_ limit: Int) throws -> [ClaimedMessage] {
        try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: limit, lease: .seconds(60), in: transaction)
        }
    }

    private func record(_ message: ClaimedMessage, _ fate: Verdict.Fate) throws {
        let result = AttemptResult(message, Verdict(fate))
        _ = try outbox.record([result], breaker: Breaker(failures: 0))
    }

    private func accept(_ message: ClaimedMessage, as id: String) throws {
        try record(message, .accepted([id], Party()))
    }

    private func apply(_ note: DeliveryNote) throws {
        try tenant.transaction { (transaction) throws(DatabaseError) in
            _ = try Deliveries.apply([note], on: tenant.channel.id, in: transaction)
        }
    }

    private func note(
        _ id: String,
        _ status: MessageStatus,
        _ reference: AttemptReference? = nil
    ) -> DeliveryNote {
        DeliveryNote(providerIDs: [id], reference: reference, status: status, at: .now)
    }

    private func status(of message: ClaimedMessage) throws -> MessageStatus {
        let row = try tenant.read(
            "SELECT status::text AS status FROM relais.message WHERE id = $1",
            .uuid(message.reference.message)
        )[0]
        return try #require(MessageStatus(rawValue: try row.get("status")))
    }

    private func settle() throws -> SettledMessages {
        try tenant.transaction { (transaction) throws(DatabaseError) in
            try SettledMessages.run(now: .now, in: transaction)
        }
    }

    private func expireLeases(in state: String = "sending") throws {
        _ = try tenant.read(
            "UPDATE relais.outbox SET lease_until = now() WHERE state = $1",
            .text(state)
        )
    }
}

private final class CompletionBox: Sendable {
    let value = Mutex<Campaigns.Completion?>(nil)
}
