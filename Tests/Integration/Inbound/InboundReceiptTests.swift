import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Providers
import Testing

@Suite("Receipts", .ownThread)
struct InboundReceiptTests {
    private let post: Postman
    private let contact: UUID
    private let message: UUID

    init() throws {
        post = try Postman()
        contact = try post.world.addContact("+22990000001")
        message = try post.world.addMessage(
            "wamid.1",
            to: contact,
            of: post.world.addCampaign()
        )
    }

    @Test("A message moves up only")
    func monotone() throws {
        try post.bring(post.meta.status("wamid.1", "read", at: 1_763_600_030))
        #expect(try post.status(of: message) == "read")
        try post.bring(
            post.meta.status("wamid.1", "sent", at: 1_763_600_010),
            post.meta.status("wamid.1", "delivered", at: 1_763_600_020),
            post.meta.status("wamid.1", "failed", at: 1_763_600_025)
        )
        #expect(try post.status(of: message) == "read")
        let times = try post.world.text(
            """
            SELECT concat_ws(' ', extract(epoch FROM sent_at)::int % 100,
                extract(epoch FROM delivered_at)::int % 100, extract(epoch FROM read_at)::int % 100)
            FROM relais.message WHERE id = $1
            """,
            .uuid(message)
        )
        #expect(times == "10 20 30")
    }

    @Test("A receipt that echoes our reference settles what nobody knew")
    func settlesUnknown() throws {
        let unknown = try post.world.addMessage(
            nil,
            to: post.world.addContact("+22990000002"),
            of: post.world.addCampaign(),
            status: "unknown"
        )
        try post.world.owner.query(
            """
            INSERT INTO relais.outbox (message, workspace, lane, priority, due_at, state, attempt,
                lease_until)
            SELECT id, workspace, campaign, 2, now(), 'unknown', 1, now() + interval '1 hour'
            FROM relais.message WHERE id = $1
            """,
            .uuid(unknown)
        )
        let reference = AttemptReference(message: unknown, attempt: 1).text
        try post.bring(post.meta.status("wamid.u", "sent", reference: reference))
        #expect(try post.status(of: unknown) == "sent")
        #expect(try post.world.count("SELECT count(*) FROM relais.outbox") == 0)
        try post.bring(post.meta.status("wamid.u", "delivered"))
        #expect(try post.status(of: unknown) == "delivered")
    }

    @Test("A receipt that comes before its message waits for it")
    func orphans() throws {
        try post.world.addUnknownMessage()
        try post.bring(post.meta.status("wamid.later", "delivered"))
        #expect(try post.world.count("SELECT count(*) FROM relais.orphan_status") == 1)
        let late = try post.world.addMessage(
            "wamid.later",
            to: post.world.addContact("+22990000003"),
            of: post.world.addCampaign()
        )
        let options = TransactionOptions(identity: .service(post.world.workspace))
        _ = try post.world.database.connect().transaction(options) {
            (transaction) throws(DatabaseError) in
            try SettledMessages.run(now: .now, in: transaction)
        }
        #expect(try post.status(of: late) == "delivered")
        #expect(try post.world.count("SELECT count(*) FROM relais.orphan_status") == 0)
    }

    @Test("Nothing is kept of what somebody writes on the phone")
    func strangers() throws {
        let orphans = "SELECT count(*) FROM relais.orphan_status"
        try post.bring(post.meta.status("wamid.phone", "delivered"))
        #expect(try post.world.count(orphans) == 0)
        try post.world.addUnknownMessage()
        let echo =
            #""message_echoes":[{"id":"wamid.typed","from":"15550783881","to":"22990000001","#
            + #""timestamp":"1763600000","type":"text","text":{"body":"Salut"}}]"#
        try post.bring(post.meta.body(echo, field: "smb_message_echoes"))
        #expect(try post.world.count(orphans) == 0)
        try post.bring(post.meta.status("wamid.phone", "read"))
        #expect(try post.world.count(orphans) == 1)
    }

    @Test("Of a channel only so many statuses wait for their message")
    func bounded() throws {
        try post.world.addUnknownMessage()
        try post.world.owner.query(
            """
            INSERT INTO relais.orphan_status (workspace, channel, provider_id, status, occurred_at)
            SELECT $1, $2, 'wamid.' || place, 'read', now() FROM generate_series(1, 5000) AS place
            """,
            .uuid(post.world.workspace),
            .uuid(post.world.channel.id)
        )
        try post.bring(post.meta.status("wamid.more", "read"))
        #expect(try post.world.count("SELECT count(*) FROM relais.orphan_status") == 5000)
    }

    @Test("A failure says why, in words, and what it means for the contact")
    func failure() throws {
        let error = #","errors":[{"code":131026,"title":"Message undeliverable"}]"#
        try post.bring(post.meta.status("wamid.1", "failed", extra: error))
        #expect(try post.status(of: message) == "failed")
        let reason = try post.world.text(
            "SELECT reason ->> 'fr' FROM relais.message WHERE id = $1",
            .uuid(message)
        )
        #expect(reason?.isEmpty == false)
        let verified = try post.world.text(
            "SELECT whatsapp_verified FROM relais.contact WHERE id = $1",
            .uuid(contact)
        )
        #expect(verified == "false")
    }

    @Test("An echo of our own message proves that it was sent")
    func echo() throws {
        try post.bring(
            post.meta.body(
                #""message_echoes":[{"id":"wamid.1","from":"15550783881","to":"22990000001","#
                    + #""timestamp":"1763600000","type":"text","text":{"body":"First"}}]"#,
                field: "smb_message_echoes"
            )
        )
        #expect(try post.status(of: message) == "sent")
    }
}
