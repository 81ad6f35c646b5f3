import Accounts
@testable import Campaigns
@testable import Messages
import Database
import FunctionContract
@testable import Providers
import SeededRandom
import Testing

/// Receipts come late, doubled and in any order. What stands in the tables must not tell.
@Suite(.ownThread)
struct ReceiptPropertyTests {
    private static let pairs = 60
    private static let told: [MessageStatus] = [
        .accepted, .sent, .failed, .delivered, .read, .played,
    ]

    private let tenant: Tenant
    private let outbox: Outbox

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
        outbox = Outbox(tenant.connection, workspace: tenant.workspace, channel: tenant.channel.id)
    }

    @Test("in any order and however often: the same status, and each with its earliest time")
    func orderAndRepetitionDoNotMatter() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let messages = try accepted(2 * Self.pairs)
        for place in 0..<Self.pairs {
            let (clean, mixed) = (messages[2 * place], messages[2 * place + 1])
            let receipts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                Receipt(using: &random)
            }
            let again = receipts + receipts.filter { _ in Bool.random(using: &random) }
            for receipt in receipts { try apply([receipt], to: clean) }
            var rest = again.shuffled(using: &random)
            while !rest.isEmpty {
                let some = rest.prefix(Int.random(in: 1...3, using: &random))
                try apply(Array(some), to: mixed)
                rest.removeFirst(some.count)
            }
            let clue: Comment = "seed \(seed), pair \(place): \(again)"
            let state = try state(of: mixed)
            #expect(try state == self.state(of: clean), clue)
            #expect(state.status == receipts.map(\.status).reduce(.accepted, max), clue)
            #expect(state.times == expectedTimes(receipts), clue)
        }
    }

    private struct Receipt: CustomStringConvertible {
        let status: MessageStatus
        let seconds: Int64

        init(using random: inout SeededRandom) {
            status = ReceiptPropertyTests.told.randomElement(using: &random) ?? .sent
            seconds = Int64.random(in: 1_700_000_000...1_700_000_009, using: &random)
        }

        var description: String { "\(status) \(seconds)" }
    }

    private struct State: Equatable {
        let status: MessageStatus
        /// Of sent, delivered, read and failed.
        let times: [Int?]
        let reason: String?
        let acceptedAt: Int?
    }

    private func expectedTimes(_ receipts: [Receipt]) -> [Int?] {
        let kinds: [Set<MessageStatus>] = [[.sent], [.delivered], [.read, .played], [.failed]]
        return kinds.map { kind in
            receipts.filter { kind.contains($0.status) }.map { Int($0.seconds) }.min()
        }
    }

    private func apply(_ receipts: [Receipt], to name: String) throws {
        let notes = receipts.map { receipt in
            DeliveryNote(
                providerIDs: [name],
                status: receipt.status,
                at: Timestamp(microseconds: receipt.seconds * 1_000_000),
                reason: receipt.status == .failed ? Reason(french: "f", english: "e") : nil
            )
        }
        try tenant.transaction { (transaction) throws(DatabaseError) in
            _ = try Deliveries.apply(notes, on: tenant.channel.id, in: transaction)
        }
    }

    /// The names of messages that the provider has taken, all at the same moment.
    private func accepted(_ count: Int) throws -> [String] {
        try tenant.addContacts(count)
        try tenant.start()
        let claimed = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: count, lease: .seconds(60), in: transaction)
        }
        let names = claimed.map { "wamid.\($0.reference.message)" }
        let results = zip(claimed, names).map { message, name in
            AttemptResult(message, Verdict(.accepted([name], Party())))
        }
        _ = try outbox.record(results, breaker: Breaker(failures: 0))
        return try #require(names.count == count ? names : nil)
    }

    private func state(of name: String) throws -> State {
        let row = try tenant.read(
            """
            SELECT status::text AS status, reason::text AS reason,
                extract(epoch FROM sent_at)::int8 AS sent,
                extract(epoch FROM delivered_at)::int8 AS delivered,
                extract(epoch FROM read_at)::int8 AS read,
                extract(epoch FROM failed_at)::int8 AS failed,
                extract(epoch FROM accepted_at)::int8 AS accepted
            FROM relais.message
            WHERE id = (SELECT message FROM relais.message_reference WHERE provider_id = $1)
            """,
            .text(name)
        )[0]
        return State(
            status: try #require(MessageStatus(rawValue: try row.get("status"))),
            times: [
                try row.get("sent"), try row.get("delivered"), try row.get("read"),
                try row.get("failed"),
            ],
            reason: try row.get("reason"),
            acceptedAt: try row.get("accepted")
        )
    }
}
