import Accounts
@testable import Campaigns
@testable import Messages
import Database
import FunctionContract
@testable import Providers
import Testing

/// One message of one campaign, and what its provider says about it.
final class ReceiptStage {
    /// All that a failure may change.
    struct State: Equatable {
        let status: String
        let reason: String?
        /// Seconds until its next attempt, to ten.
        let wait: Int?
        let failures: Int
        let channel: String
        /// Seconds for which the channel is held, to ten.
        let hold: Int
        let template: String?
        let campaign: String
    }

    let tenant: Tenant
    let campaign: UUID
    private let outbox: Outbox

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
        try tenant.addContacts(1)
        campaign = try tenant.start()
        outbox = Outbox(tenant.connection, workspace: tenant.workspace, channel: tenant.channel.id)
        // From here on; a text would have reached nobody through Meta.
        _ = try tenant.read("UPDATE relais.channel SET provider = 'meta'")
    }

    /// The campaign goes on with a template.
    func useTemplate() throws {
        _ = try tenant.read(
            """
            WITH template AS (
                INSERT INTO relais.template (id, workspace, account_id, name, language, category,
                    body, status)
                VALUES ($1, $2, 'a', 'soldes', 'fr', 'MARKETING', 'x', 'approved')
                RETURNING id
            ), message AS (
                UPDATE relais.message SET template = template.id FROM template
                WHERE campaign = $3
            )
            UPDATE relais.campaign SET template = template.id, message_1 = NULL FROM template
            WHERE campaign.id = $3
            """,
            .uuid(.v7()),
            .uuid(tenant.workspace),
            .uuid(campaign)
        )
    }

    func claims() throws -> [ClaimedMessage] {
        try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: 10, lease: .seconds(60), in: transaction)
        }
    }

    func claim() throws -> ClaimedMessage {
        let claimed = try claims()
        return try #require(claimed.count == 1 ? claimed.first : nil)
    }

    func accept(_ message: ClaimedMessage) throws {
        try record(message, Verdict(.accepted([Self.name(of: message)], Party())))
    }

    /// The provider answers with an error.
    func record(_ message: ClaimedMessage, failing code: Int) throws {
        let json: JSON = ["error": ["code": .integer(code), "message": "x"]]
        let outcome = Provider.meta.outcome(
            of: .reply(ProviderReply(status: 400, body: json.bytes)),
            now: Timestamp(milliseconds: 1_790_000_000_000)
        )
        try record(message, Verdict(outcome, for: message))
    }

    /// The provider tells of an error later, in a receipt.
    func fail(_ message: ClaimedMessage, _ code: Int, isNamed: Bool = true) throws {
        var update = StatusUpdate(messageID: MessageID(Self.name(of: message)), status: .failed)
        update.failure = ProviderFailure(code: "\(code)", title: "x")
        update.reference = isNamed ? message.reference.text : nil
        try apply(DeliveryNote(update, from: .meta, now: .now))
    }

    func tell(_ status: MessageStatus, _ message: ClaimedMessage) throws {
        try apply(
            DeliveryNote(
                providerIDs: [Self.name(of: message)],
                reference: message.reference,
                status: status,
                at: .now
            )
        )
    }

    /// Brings an attempt as far as it had come when its failure was told.
    func go(_ way: FailedReceiptTests.Way, _ message: ClaimedMessage) throws {
        switch way {
        case .inHand: return
        case .unknown, .parked:
            try record(message, Verdict(.unknown(Reason(french: "x", english: "x"))))
            guard way == .parked else { return }
            _ = try tenant.read("UPDATE relais.outbox SET lease_until = now()")
            try settle()
        case .accepted: try accept(message)
        case .sent:
            try tell(.sent, message)
            try accept(message)
        }
    }

    func settle() throws {
        _ = try tenant.transaction { (transaction) throws(DatabaseError) in
            try SettledMessages.run(now: .now, in: transaction)
        }
    }

    func endWaits() throws {
        _ = try tenant.read("UPDATE relais.outbox SET due_at = now() WHERE state = 'ready'")
    }

    func state() throws -> State {
        let row = try tenant.read(
            """
            SELECT message.status::text AS status, message.reason ->> 'code' AS reason,
                round(extract(epoch FROM due_at - now()) / 10)::int8 * 10 AS wait,
                message.failures, channel.status AS channel, template.status AS template,
                campaign.status AS campaign, CASE WHEN held_until > now()
                    THEN round(extract(epoch FROM held_until - now()) / 10)::int8 * 10
                    ELSE 0 END AS hold
            FROM relais.message
            JOIN relais.campaign ON campaign.id = message.campaign
            JOIN relais.channel ON channel.id = message.channel
            JOIN relais.channel_state AS pace ON pace.channel = channel.id
            LEFT JOIN relais.template ON template.id = message.template
            LEFT JOIN relais.outbox ON outbox.message = message.id
            """
        )[0]
        return State(
            status: try row.get("status"),
            reason: try row.get("reason"),
            wait: try row.get("wait"),
            failures: try row.get("failures"),
            channel: try row.get("channel"),
            hold: try row.get("hold"),
            template: try row.get("template"),
            campaign: try row.get("campaign")
        )
    }

    private func record(_ message: ClaimedMessage, _ verdict: Verdict) throws {
        _ = try outbox.record([AttemptResult(message, verdict)], breaker: Breaker(failures: 0))
    }

    private func apply(_ note: DeliveryNote) throws {
        try tenant.transaction { (transaction) throws(DatabaseError) in
            _ = try Deliveries.apply([note], on: tenant.channel.id, in: transaction)
        }
    }

    private static func name(of message: ClaimedMessage) -> String {
        "wamid.\(message.reference.text)"
    }
}
