import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Messages
import Testing

@Suite(.ownThread)
struct AnswerTests {
    private let tenant: Tenant
    private let contact: UUID

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
        contact = try tenant.addContacts(1)[0]
    }

    @Test("the first answer brings Message 2, the second does not")
    func once() throws {
        let campaign = try started()
        let first = try answer("in.1")
        #expect(first.campaign == campaign)
        #expect(first.message2 != nil)
        #expect(try answer("in.2").message2 == nil)
        #expect(try answer("in.1").isNew == false)
        let second = try tenant.read(
            "SELECT body, status::text AS status FROM relais.message WHERE step = 2"
        )
        #expect(second.count == 1)
        #expect(try second[0].get("body", as: String.self) == "Merci Ana0")
        let queued = try tenant.read("SELECT priority::int FROM relais.outbox")
        #expect(try queued.map { try $0.get("priority", as: Int.self) } == [1])
        #expect(try tenant.campaigns.statistics(of: campaign).interactions == 1)
    }

    @Test("many answers at once bring one Message 2")
    func concurrently() throws {
        try started()
        let (identity, channel, contact) = (tenant.identity, tenant.channel.id, self.contact)
        runTogether(8, on: tenant.database) { number, connection in
            let options = TransactionOptions(identity: identity)
            for round in 0..<5 {
                _ = try connection.transaction(options) { (transaction) throws(DatabaseError) in
                    try Answers.record(
                        Interaction(
                            .reply,
                            from: contact,
                            on: channel,
                            at: .now,
                            providerID: "in.\(number).\(round)"
                        ),
                        in: transaction
                    )
                }
            }
        }
        #expect(try tenant.count("SELECT FROM relais.message WHERE step = 2") == 1)
        #expect(try tenant.count("SELECT FROM relais.outbox") == 1)
        #expect(try tenant.count("SELECT FROM relais.interaction") == 40)
    }

    @Test("an answer belongs to the campaign that it names, else to the newest unanswered")
    func attributes() throws {
        let old = try started()
        let new = try started()
        let named = try answer("in.1", context: "wamid.\(old)")
        #expect(named.campaign == old)
        #expect(named.message2 != nil)
        #expect(try answer("in.2").campaign == new)
        let third = try answer("in.3")
        #expect(third.campaign == new)
        #expect(third.message2 == nil)
    }

    @Test("with two campaigns unanswered the newest is meant, then the other")
    func newestFirst() throws {
        let old = try started()
        let new = try started()
        #expect(try answer("in.1").campaign == new)
        #expect(try answer("in.2").campaign == old)
        #expect(try tenant.count("SELECT FROM relais.message WHERE step = 2") == 2)
    }

    @Test("an answer can be faster than word of the message that it answers")
    func answersInHand() throws {
        let first = try inHand()
        #expect(try answer("in.1", context: "wamid.not.told.yet").campaign == first)
        #expect(try tenant.count("SELECT FROM relais.message WHERE step = 2") == 1)
        // What is known to be out is more likely to be meant.
        let out = try started()
        let second = try inHand()
        #expect(try answer("in.2").campaign == out)
        #expect(try answer("in.3").campaign == second)
    }

    @Test("after the window, and after a stop, an answer brings nothing")
    func windows() throws {
        let campaign = try started()
        _ = try tenant.read(
            "UPDATE relais.message SET accepted_at = now() - interval '24 hours 1 second'"
        )
        #expect(try answer("in.1").message2 == nil)
        #expect(try answer("in.2", context: "wamid.\(campaign)").message2 == nil)
        let stopped = try started()
        try tenant.campaigns.stop(stopped)
        #expect(try answer("in.3", context: "wamid.\(stopped)").message2 == nil)
    }

    @Test("what is no answer brings no Message 2", arguments: [Interaction.Kind.click, .optOut])
    func noAnswer(kind: Interaction.Kind) throws {
        try started()
        #expect(try answer("in.1", kind).message2 == nil)
        #expect(try answer("in.2").message2 != nil)
    }

    @Test("somebody else's message is not answered by this contact")
    func contextsAreChecked() throws {
        let campaign = try started()
        let other = try tenant.addContacts(1, tag: "other")[0]
        let attribution = try tenant.transaction { (transaction) throws(DatabaseError) in
            try Answers.record(
                Interaction(
                    .reply,
                    from: other,
                    on: tenant.channel.id,
                    at: .now,
                    context: "wamid.\(campaign)"
                ),
                in: transaction
            )
        }
        #expect(attribution.campaign == nil)
    }

    @Test("an answer opens the window in which texts may be sent")
    func opensWindow() throws {
        _ = try answer("in.1")
        let rows = try tenant.read("SELECT last_inbound_at FROM relais.conversation")
        #expect(rows.count == 1)
        #expect(try tenant.contacts.find(contact)?.lastActivityAt != nil)
    }

    @Test("a campaign waits for answers to the end of their window")
    func completes() throws {
        let campaign = try started()
        #expect(try tenant.campaigns.completeFinished().isEmpty)
        _ = try answer("in.1")
        #expect(try tenant.campaigns.completeFinished().isEmpty)
        try acceptAll()
        #expect(try tenant.campaigns.completeFinished() == [campaign])
        let other = try started()
        _ = try tenant.read(
            """
            UPDATE relais.message SET accepted_at = now() - interval '25 hours' WHERE campaign = $1
            """,
            .uuid(other)
        )
        #expect(try tenant.campaigns.completeFinished() == [other])
    }

    /// A campaign whose Message 1 is with the provider.
    @discardableResult
    private func started() throws -> UUID {
        let campaign = try tenant.start(followUp: "Merci {{contact.first_name}}")
        try acceptAll()
        return campaign
    }

    /// A campaign whose Message 1 a sender has begun to send; nobody knows more.
    private func inHand() throws -> UUID {
        let campaign = try tenant.start(followUp: "Merci {{contact.first_name}}")
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        let claimed = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: 10, lease: .seconds(30), in: transaction)
        }
        #expect(claimed.contains { $0.campaign == campaign })
        return campaign
    }

    private func acceptAll() throws {
        _ = try tenant.read(
            """
            WITH gone AS (
                DELETE FROM relais.outbox RETURNING message, lane, workspace
            ), named AS (
                INSERT INTO relais.message_reference
                    (workspace, channel, provider_id, message, attempt)
                SELECT workspace, $1, 'wamid.' || lane, message, 1 FROM gone
                ON CONFLICT DO NOTHING
            )
            UPDATE relais.message SET status = 'accepted', accepted_at = now()
            FROM gone WHERE message.id = gone.message
            """,
            .uuid(tenant.channel.id)
        )
    }

    private func answer(
        _ id: String,
        _ kind: Interaction.Kind = .reply,
        context: String? = nil
    ) throws -> Answers.Attribution {
        try tenant.transaction { (transaction) throws(DatabaseError) in
            try Answers.record(
                Interaction(
                    kind,
                    from: contact,
                    on: tenant.channel.id,
                    at: .now,
                    providerID: id,
                    context: context
                ),
                in: transaction
            )
        }
    }
}
