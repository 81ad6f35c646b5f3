import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Providers
import Testing

@Suite("Answers", .ownThread)
struct InboundAnswerTests {
    private let post: Postman
    private var world: InboundWorld { post.world }
    private var meta: MetaWebhook { post.meta }
    private let number = "22990000001"

    init() throws {
        post = try Postman()
    }

    private func secondMessages(_ campaign: UUID) throws -> Int {
        try world.count(
            "SELECT count(*) FROM relais.message WHERE campaign = $1 AND step = 2",
            .uuid(campaign)
        )
    }

    @Test("The first answer brings Message 2, once, and wakes the sender")
    func message2() throws {
        let campaign = try world.addCampaign()
        try world.addMessage("wamid.1", to: world.addContact("+\(number)"), of: campaign)
        let first = try post.bring(meta.text("wamid.a", from: number, "Oui"))
        #expect(first["wake"] == ["send"])
        #expect(first["processed"] == 1)
        let second = try post.bring(
            meta.text("wamid.b", from: number, "Encore"),
            meta.text("wamid.a", from: number, "Oui", name: "Ama K.")
        )
        #expect(second["wake"] == nil)
        #expect(try secondMessages(campaign) == 1)
        #expect(try world.count("SELECT count(*) FROM relais.outbox WHERE priority = 1") == 1)
        #expect(
            try world.count(
                "SELECT count(*) FROM relais.interaction WHERE kind = 'reply' AND campaign = $1",
                .uuid(campaign)
            ) == 2
        )
        #expect(
            try world.count(
                "SELECT count(*) FROM relais.conversation WHERE last_inbound_at IS NOT NULL"
            ) == 1
        )
    }

    @Test("Buttons and reactions are answers too")
    func kinds() throws {
        for (place, content) in [
            #""type":"button","button":{"text":"Oui","payload":"YES"},"context":{"id":"wamid.0"}"#,
            #""type":"reaction","reaction":{"message_id":"wamid.1","emoji":"👍"}"#,
        ].enumerated() {
            let number = "2299000001\(place)"
            let campaign = try world.addCampaign()
            let contact = try world.addContact("+\(number)")
            try world.addMessage("wamid.\(place)", to: contact, of: campaign)
            try post.bring(meta.message("wamid.k\(place)", from: number, content))
            #expect(try secondMessages(campaign) == 1)
        }
        let kinds = try world.text(
            "SELECT string_agg(kind, ' ' ORDER BY kind) FROM relais.interaction"
        )
        #expect(kinds == "choice reaction")
    }

    @Test("An answer belongs to the message that it names, else to the newest unanswered campaign")
    func attribution() throws {
        let contact = try world.addContact("+\(number)")
        let campaigns = try (0..<3).map { _ in try world.addCampaign() }
        for (place, campaign) in campaigns.enumerated() {
            try world.addMessage(
                "wamid.\(place)",
                to: contact,
                of: campaign,
                acceptedAt: .now - .seconds(7200 - 600 * place)
            )
        }
        try post.bring(meta.text("wamid.a", from: number, "Un", context: "wamid.0"))
        #expect(try campaigns.map(secondMessages) == [1, 0, 0])
        try post.bring(meta.text("wamid.b", from: number, "Deux"))
        #expect(try campaigns.map(secondMessages) == [1, 0, 1])
        try post.bring(meta.text("wamid.c", from: number, "Trois"))
        #expect(try campaigns.map(secondMessages) == [1, 1, 1])
        try post.bring(meta.text("wamid.d", from: number, "Quatre"))
        #expect(try campaigns.map(secondMessages) == [1, 1, 1])
        let last = try world.text(
            "SELECT campaign FROM relais.interaction WHERE provider_id = 'wamid.d'"
        )
        #expect(last == campaigns[2].description)
    }

    @Test("After the window an answer brings nothing")
    func window() throws {
        let campaign = try world.addCampaign()
        let contact = try world.addContact("+\(number)")
        try world.addMessage(
            "wamid.1",
            to: contact,
            of: campaign,
            acceptedAt: .now - .seconds(86_500)
        )
        let reply = try post.bring(
            meta.text("wamid.a", from: number, "Oui", context: "wamid.1"),
            meta.text("wamid.b", from: number, "Oui")
        )
        #expect(reply["wake"] == nil)
        #expect(try secondMessages(campaign) == 0)
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 2)
    }

    @Test("A reader without time leaves the rest and says how much it is")
    func noTime() throws {
        try post.leave((0..<3).map { meta.text("wamid.\($0)", from: number, "a") })
        // Less than a batch may take, and enough to count what is left.
        let reply = try post.read(within: .milliseconds(2_900))
        #expect(reply["processed"] == 0)
        #expect(reply["remaining"] == 3)
        #expect(try post.read(within: .seconds(60))["processed"] == 3)
    }

    @Test("Somebody new becomes a contact, under the name of their profile and once")
    func newcomers() throws {
        try post.bring(
            meta.text("wamid.a", from: "2290197000000", "Bonjour"),
            meta.text("wamid.b", from: "2290197000000", "Rebonjour", name: "Another"),
            meta.text("wamid.c", from: "22997000000", "Encore moi")
        )
        let contacts = try world.text(
            "SELECT string_agg(phone || ' ' || first_name, ',') FROM relais.contact"
        )
        #expect(contacts == "+2290197000000 Ama")
        #expect(try world.count("SELECT count(*) FROM relais.interaction") == 3)
    }

    @Test("The name of a profile never replaces one that a person typed")
    func names() throws {
        try world.addContact("+22997000000", firstName: "Maître Koffi")
        let nameless = try world.addContact("+22997000001")
        try post.bring(
            meta.text("wamid.a", from: "2290197000000", "Bonjour"),
            meta.text("wamid.b", from: "22997000001", "Bonjour")
        )
        #expect(
            try world.text("SELECT first_name FROM relais.contact WHERE phone = '+22997000000'")
                == "Maître Koffi"
        )
        #expect(
            try world.text("SELECT first_name FROM relais.contact WHERE id = $1", .uuid(nameless))
                == "Ama"
        )
        #expect(try world.count("SELECT count(*) FROM relais.contact") == 2)
    }

    @Test("Somebody without a number is known by the provider's id")
    func userNames() throws {
        let message = { (id: String) in
            meta.body(
                #""contacts":[{"profile":{"name":"Kofi"},"user_id":"BJ.77"}],"messages":[{"id":"\#(id)","#
                    + #""from_user_id":"BJ.77","type":"text","text":{"body":"Bonjour"}}]"#
            )
        }
        try post.bring(message("wamid.a"), message("wamid.b"))
        #expect(
            try world.text(
                "SELECT string_agg(first_name || coalesce(phone, ''), ',') FROM relais.contact"
            )
                == "Kofi"
        )
        #expect(
            try world.text("SELECT string_agg(kind || value, ',') FROM relais.contact_identity")
                == "bsuidBJ.77"
        )
    }

    @Test("Who moves to another number stays the same contact")
    func numberChange() throws {
        let contact = try world.addContact("+\(number)")
        try post.bring(
            meta.body(
                #""messages":[{"id":"wamid.s","from":"\#(number)","timestamp":"1763600000","#
                    + #""type":"system","system":{"type":"user_changed_number","wa_id":"22990000099"}}]"#
            ),
            meta.text("wamid.a", from: "22990000099", "C'est moi")
        )
        #expect(
            try world.text("SELECT string_agg(phone, ',') FROM relais.contact") == "+22990000099"
        )
        #expect(
            try world.count(
                "SELECT count(*) FROM relais.interaction WHERE contact = $1",
                .uuid(contact)
            ) == 1
        )
    }
}
