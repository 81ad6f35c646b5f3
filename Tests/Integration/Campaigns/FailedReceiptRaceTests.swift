import Accounts
@testable import Campaigns
@testable import Messages
import Database
import FunctionContract
@testable import Providers
import SeededRandom
import Testing

/// Whoever reads receipts, and records answers, at the same moment.
@Suite(.ownThread)
struct FailedReceiptRaceTests {
    private static let count = 40
    private static let readers = 5

    @Test("however many tell of a failure at once, it counts once, and a delivery outweighs it")
    func together() throws {
        let seed = UInt64.random(in: .min ... .max)
        let tenant = try Tenant(in: MessagingDatabase.shared.get())
        try tenant.addContacts(Self.count)
        let campaign = try tenant.start()
        let (workspace, channel) = (tenant.workspace, tenant.channel.id)
        let outbox = Outbox(tenant.connection, workspace: workspace, channel: channel)
        let claimed = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: Self.count, lease: .seconds(60), in: transaction)
        }
        // Every other message has arrived all the same; the last reader alone knows.
        runTogether(Self.readers + 1, on: tenant.database) { number, connection in
            if number == 0 {
                return try Self.accept(claimed, workspace, channel, connection)
            }
            var random = SeededRandom(seed: seed &+ UInt64(number))
            for place in claimed.indices.shuffled(using: &random) {
                let arrived = place.isMultiple(of: 2) && number == Self.readers
                let note = Self.note(claimed[place], arrived ? .delivered : .failed)
                let options = TransactionOptions(identity: .service(workspace))
                try connection.transaction(options) { (transaction) throws(DatabaseError) in
                    _ = try Deliveries.apply([note], on: channel, in: transaction)
                }
            }
        }
        let half = Self.count / 2
        #expect(try tenant.statuses(of: campaign) == [.delivered: half, .queued: half])
        _ = try tenant.read("UPDATE relais.outbox SET due_at = now()")
        let again = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: Self.count, lease: .seconds(60), in: transaction)
        }
        let wanted = again.filter { !$0.hasLeft }
        #expect(wanted.count == half, "seed \(seed)")
        #expect(wanted.allSatisfy { $0.reference.attempt == 2 && $0.failures == 1 })
        // What had arrived just when it was given back is left out by its sender.
        let results = again.map { AttemptResult($0, $0.hasLeft ? Verdict(cancelling: $0) : taken) }
        _ = try outbox.record(results, breaker: Breaker(failures: 0))
        #expect(try tenant.statuses(of: campaign) == [.delivered: half, .accepted: half])
        #expect(try tenant.count("SELECT FROM relais.outbox") == 0)
        let unexplained = "SELECT FROM relais.message WHERE status = 'delivered' AND reason IS NULL"
        #expect(try tenant.count(unexplained) == half)
    }

    private let taken = Verdict(.accepted([], Party()))

    private static func accept(
        _ messages: [ClaimedMessage],
        _ workspace: UUID,
        _ channel: UUID,
        _ connection: Connection
    ) throws {
        let outbox = Outbox(connection, workspace: workspace, channel: channel)
        for message in messages {
            let verdict = Verdict(.accepted(["wamid.\(message.reference.text)"], Party()))
            let result = AttemptResult(message, verdict)
            _ = try outbox.record([result], breaker: Breaker(failures: 0))
        }
    }

    private static func note(_ message: ClaimedMessage, _ status: DeliveryStatus) -> DeliveryNote {
        let name = "wamid.\(message.reference.text)"
        var update = StatusUpdate(messageID: MessageID(name), status: status)
        update.reference = message.reference.text
        if status == .failed { update.failure = ProviderFailure(code: "131016", title: "x") }
        return DeliveryNote(update, from: .meta, now: .now)
    }
}
