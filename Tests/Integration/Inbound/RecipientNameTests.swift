import Accounts
import Campaigns
import Database
import FunctionContract
import Testing

/// A send goes to a number, and somebody with a user name may answer without one.
@Suite("Hidden names in receipts", .ownThread)
struct RecipientNameTests {
    private let post: Postman
    private let contact: UUID
    private let campaign: UUID
    private let number = "22990000001"
    private var world: InboundWorld { post.world }

    init() throws {
        post = try Postman()
        contact = try post.world.addContact("+\(number)")
        campaign = try post.world.addCampaign()
        try post.world.addMessage("wamid.1", to: contact, of: campaign)
    }

    private func receipt(_ status: String = "delivered", of id: String = "wamid.1") -> String {
        post.meta.status(
            id,
            status,
            at: MetaWebhook.now,
            extra: #","recipient_id":"\#(number)","recipient_user_id":"BJ.77""#
        )
    }

    private func hidden(_ id: String, _ text: String, at seconds: Int = MetaWebhook.now) -> String {
        post.meta.body(
            #""contacts":[{"profile":{"name":"Kofi"},"user_id":"BJ.77"}],"messages":[{"id":"\#(id)","#
                + #""from_user_id":"BJ.77","timestamp":"\#(seconds)","#
                + #""type":"text","text":{"body":"\#(text)"}}]"#
        )
    }

    @Test("Who says STOP under a hidden name is the contact that campaigns write to")
    func stop() throws {
        try post.bring(receipt())
        try post.bring(hidden("wamid.a", "STOP"))
        #expect(try post.contactStatus(contact) == "unsubscribed")
        #expect(try world.count("SELECT count(*) FROM relais.contact") == 1)
        #expect(
            try world.text(
                "SELECT string_agg(kind, ' ' ORDER BY kind) FROM relais.contact_identity"
            ) == "bsuid wa_id"
        )
    }

    @Test("An answer under a hidden name brings Message 2")
    func answer() throws {
        try post.bring(receipt())
        #expect(try post.bring(hidden("wamid.a", "Oui"))["wake"] == ["send"])
    }

    @Test("Who wrote before the receipt becomes one with the contact, and who left has left")
    func merges() throws {
        try post.bring(hidden("wamid.a", "STOP"))
        #expect(try post.contactStatus(contact) == "active")
        try post.bring(receipt())
        #expect(try post.contactStatus(contact) == "unsubscribed")
        #expect(
            try world.count("SELECT count(*) FROM relais.contact WHERE merged_into IS NULL") == 1
        )
        try post.bring(receipt("read"))
        #expect(
            try world.count(
                "SELECT count(*) FROM relais.interaction WHERE contact = $1",
                .uuid(contact)
            ) == 1
        )
    }

    @Test("In one webhook with the answer it counts as well")
    func together() throws {
        try post.bring(receipt(), hidden("wamid.a", "STOP"))
        #expect(try post.contactStatus(contact) == "unsubscribed")
    }

    @Test("A receipt of somebody else's message, or of a number that moved on, names nobody")
    func strangers() throws {
        try post.bring(receipt(of: "wamid.other"))
        try world.owner.query("UPDATE relais.contact SET phone = '+22990000009'")
        try post.bring(receipt())
        #expect(try world.count("SELECT count(*) FROM relais.contact_identity") == 0)
    }
}
