import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Testing

/// Answers that arrive before anybody knows that Message 1 is out.
@Suite(.ownThread)
struct EarlyAnswerTests {
    private let tenant: Tenant
    private let contact: UUID

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get()) { $0.pairGap = .seconds(60) }
        contact = try tenant.addContacts(1)[0]
    }

    private func answer(
        _ id: String,
        context: String? = nil,
        from contact: UUID? = nil
    ) throws -> Answers.Attribution {
        let interaction = Interaction(
            .reply,
            from: contact ?? self.contact,
            on: tenant.channel.id,
            at: .now,
            providerID: id,
            context: context
        )
        return try tenant.transaction { (transaction) throws(DatabaseError) in
            try Answers.record(interaction, in: transaction)
        }
    }

    /// A campaign whose Message 1 is in that state.
    @discardableResult
    private func start(
        _ state: String,
        status: String = "queued",
        attempt: Int = 1,
        wasUnknown: Bool = false
    ) throws -> UUID {
        let campaign = try tenant.start(followUp: "Merci")
        _ = try tenant.read(
            """
            WITH held AS (
                UPDATE relais.outbox SET state = $2, attempt = $3, was_unknown = $5,
                    lease_until = CASE WHEN $2 <> 'ready' THEN now() + interval '1 minute' END
                WHERE lane = $1 RETURNING message
            )
            UPDATE relais.message SET status = $4::text::relais.message_status FROM held
            WHERE id = held.message
            """,
            .uuid(campaign),
            .text(state),
            .int(attempt),
            .text(status),
            .bool(wasUnknown)
        )
        return campaign
    }

    private func status(of campaign: UUID) throws -> String {
        try tenant.read(
            """
            SELECT status::text AS status FROM relais.message WHERE campaign = $1 AND step = 1
            """,
            .uuid(campaign)
        )[0].get("status")
    }

    @Test("what waits to be sent is answered by nobody")
    func notSent() throws {
        try start("ready", attempt: 0)
        let attribution = try answer("in.1")
        #expect(attribution.campaign == nil)
        #expect(attribution.message2 == nil)
    }

    @Test(
        "what may be out is answered, and Message 2 keeps its distance",
        arguments: [
            ("sending", "queued", false), ("unknown", "unknown", false),
            ("parked", "parked", false), ("ready", "queued", true),
        ]
    )
    func mayBeOut(state: String, status: String, wasUnknown: Bool) throws {
        let campaign = try start(state, status: status, wasUnknown: wasUnknown)
        let attribution = try answer("in.1")
        #expect(attribution.campaign == campaign)
        #expect(attribution.message2 != nil)
        // Without the name of what it answers this is no proof.
        #expect(try self.status(of: campaign) == status)
        #expect(
            try tenant.count(
                """
                SELECT FROM relais.outbox
                WHERE priority = 1 AND due_at > now() + interval '20 seconds'
                """
            ) == 1
        )
    }

    @Test("of several campaigns the one that was really sent is answered")
    func certainFirst() throws {
        let sent = try start("sending")
        _ = try tenant.read(
            """
            WITH gone AS (DELETE FROM relais.outbox RETURNING message)
            UPDATE relais.message SET status = 'sent', accepted_at = now() - interval '2 hours'
            FROM gone WHERE id = message
            """
        )
        let unknown = try start("unknown", status: "unknown")
        try start("ready", attempt: 0)
        #expect(try answer("in.1").campaign == sent)
        #expect(try answer("in.2").campaign == unknown)
    }

    @Test(
        "a name that nobody knows proves nothing until it is known to be the message's",
        arguments: ["sending", "unknown"]
    )
    func proves(state: String) throws {
        let before = state == "sending" ? "queued" : state
        let campaign = try start(state, status: before)
        let attribution = try answer("in.1", context: "wamid.never.heard.of")
        #expect(attribution.campaign == campaign)
        #expect(try status(of: campaign) == before)
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE priority = 2") == 1)
        #expect(try tenant.count("SELECT FROM relais.message_reference") == 0)
        try settle()
        #expect(try status(of: campaign) == before)
        try name("wamid.never.heard.of")
        try settle()
        #expect(try status(of: campaign) == "delivered")
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE priority = 2") == 0)
    }

    @Test("what was written on a phone and is quoted says nothing about Message 1")
    func writtenElsewhere() throws {
        let campaign = try start("unknown", status: "unknown")
        for place in 0..<3 { _ = try answer("in.\(place)", context: "wamid.phone.\(place)") }
        try settle()
        #expect(try status(of: campaign) == "unknown")
        #expect(try tenant.count("SELECT FROM relais.outbox WHERE priority = 2") == 1)
    }

    /// A lookup or a receipt tells what Message 1 is called.
    private func name(_ providerID: String) throws {
        _ = try tenant.read(
            """
            INSERT INTO relais.message_reference (workspace, channel, provider_id, message, attempt)
            SELECT workspace, channel, $1, id, 1 FROM relais.message WHERE step = 1
            """,
            .text(providerID)
        )
    }

    private func settle() throws {
        _ = try tenant.transaction { (transaction) throws(DatabaseError) in
            try Deliveries.reunite(now: .now, in: transaction)
        }
    }

    @Test("who quotes their own words, or answers somebody else's message, proves nothing")
    func quotes() throws {
        let campaign = try start("unknown", status: "unknown")
        _ = try answer("in.1")
        _ = try answer("in.2", context: "in.1")
        let other = try tenant.addContacts(1, tag: "other")[0]
        _ = try answer("in.3", context: "wamid.y", from: other)
        #expect(try status(of: campaign) == "unknown")
    }

    @Test("a failure that was reported is outdone by an answer")
    func outdoesFailure() throws {
        let campaign = try start("unknown", status: "unknown")
        try name("wamid.z")
        _ = try answer("in.1", context: "wamid.z")
        _ = try tenant.read("UPDATE relais.message SET status = 'failed' WHERE step = 1")
        #expect(try answer("in.2", context: "wamid.z").campaign == campaign)
        #expect(try status(of: campaign) == "delivered")
    }
}
