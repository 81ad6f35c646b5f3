import Accounts
import Database
import FunctionContract
import Testing

@Suite("Leaving and coming back", .ownThread)
struct SubscriptionTests {
    private let post: Postman
    private var world: InboundWorld { post.world }
    private var meta: MetaWebhook { post.meta }
    private let number = "22990000001"
    private let contact: UUID

    init() throws {
        post = try Postman()
        contact = try post.world.addContact("+22990000001")
    }

    private func farewells() throws -> Int {
        try world.count(
            """
            SELECT count(*) FROM relais.message JOIN relais.outbox ON outbox.message = message.id
            WHERE step = 0 AND contact = $1 AND lane = $2 AND priority = 0
            """,
            .uuid(contact),
            .uuid(world.channel.id)
        )
    }

    @Test("STOP unsubscribes and is confirmed once", arguments: ["STOP", "Arrêt", "désabonner !"])
    func stop(_ word: String) throws {
        let reply = try post.bring(meta.text("wamid.a", from: number, word))
        #expect(reply["wake"] == ["send"])
        #expect(try post.contactStatus(contact) == "unsubscribed")
        try post.bring(
            meta.text("wamid.a", from: number, word, name: "Again"),
            meta.text("wamid.b", from: number, word)
        )
        #expect(try farewells() == 1)
        let body = try world.text("SELECT body FROM relais.message WHERE step = 0")
        #expect(body?.contains("REPRENDRE") == true)
    }

    @Test("The confirmation is in the contact's language")
    func language() throws {
        try world.owner.query("UPDATE relais.contact SET language = 'en_GB'")
        try post.bring(meta.text("wamid.a", from: number, "Stop"))
        let body = try world.text("SELECT body FROM relais.message WHERE step = 0")
        #expect(body?.contains("START") == true)
    }

    @Test("Of leaving and coming back the later counts, in whatever order they arrive")
    func order() throws {
        let now = MetaWebhook.now
        try post.bring(meta.text("wamid.b", from: number, "START", at: now - 10))
        try post.bring(meta.text("wamid.a", from: number, "STOP", at: now - 20))
        #expect(try post.contactStatus(contact) == "active")
        #expect(try farewells() == 0)
        try post.bring(meta.text("wamid.c", from: number, "STOP", at: now - 5))
        #expect(try post.contactStatus(contact) == "unsubscribed")
        try post.bring(meta.text("wamid.d", from: number, "reprendre", at: now))
        #expect(try post.contactStatus(contact) == "active")
        let source = try world.text("SELECT opt_in_source FROM relais.contact")
        #expect(source == "whatsapp")
    }

    @Test("Who was blocked stays blocked")
    func blocked() throws {
        try world.owner.query("UPDATE relais.contact SET status = 'blocked'")
        try post.bring(
            meta.text("wamid.a", from: number, "STOP"),
            meta.text("wamid.b", from: number, "START")
        )
        #expect(try post.contactStatus(contact) == "blocked")
        #expect(try farewells() == 0)
    }

    @Test("STOP is no answer, and what waits in campaigns is not sent any more")
    func cancels() throws {
        let campaign = try world.addCampaign()
        try world.addMessage("wamid.1", to: contact, of: campaign)
        try post.bring(meta.text("wamid.a", from: number, "Oui"))
        #expect(try world.count("SELECT count(*) FROM relais.outbox") == 1)
        try post.bring(meta.text("wamid.b", from: number, "STOP"))
        #expect(try farewells() == 1)
        #expect(try world.count("SELECT count(*) FROM relais.outbox") == 1)
        #expect(
            try world.text("SELECT status FROM relais.message WHERE step = 2") == "cancelled"
        )
        let other = try world.addCampaign()
        try world.addMessage("wamid.2", to: contact, of: other)
        try post.bring(meta.text("wamid.c", from: number, "Pardon", context: "wamid.2"))
        #expect(try world.count("SELECT count(*) FROM relais.outbox") == 1)
    }

    @Test("A preference set in WhatsApp counts like a word, and is not confirmed")
    func preferences() throws {
        func preference(_ value: String, _ seconds: Int) -> String {
            meta.news(
                "user_preferences",
                #""user_preferences":[{"wa_id":"\#(number)","category":"marketing_messages","#
                    + #""value":"\#(value)","timestamp":\#(seconds)}]"#
            )
        }
        let reply = try post.bring(preference("stop", 1_763_600_010))
        #expect(reply["wake"] == nil)
        #expect(try post.contactStatus(contact) == "unsubscribed")
        try post.bring(preference("resume", 1_763_600_005))
        #expect(try post.contactStatus(contact) == "unsubscribed")
        try post.bring(preference("resume", 1_763_600_020))
        #expect(try post.contactStatus(contact) == "active")
        #expect(try farewells() == 0)
        #expect(try world.count("SELECT count(*) FROM relais.conversation") == 0)
    }
}
