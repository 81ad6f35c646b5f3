import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import SeededRandom
import Testing

/// What no provider says and everybody could make one say: names that the database cannot hold.
@Suite("Hostile names in webhooks", .ownThread)
struct HostileNameTests {
    private let post: Postman
    private let message: UUID
    private var world: InboundWorld { post.world }

    /// As they stand in the JSON of a webhook. The last is too long for an index, and cannot be
    /// compressed.
    private static let names: [String] = {
        var random = SeededRandom(seed: 7)
        let long = (0..<300).map { _ in String(UInt64.random(in: .min ... .max, using: &random)) }
        return ["a\\u0000b", "\\u0000", long.joined()]
    }()

    init() throws {
        post = try Postman()
        message = try post.world.addMessage(
            "wamid.1",
            to: post.world.addContact("+22990000001"),
            of: post.world.addCampaign()
        )
    }

    @Test(
        "A name that cannot be kept spoils nothing beside it",
        arguments: [
            #""statuses":[{"id":"NAME","status":"read","timestamp":"1"}]"#,
            #""statuses":[{"id":"wamid.9","status":"read","recipient_id":"NAME"}]"#,
            #""statuses":[{"id":"wamid.9","status":"read","biz_opaque_callback_data":"NAME"}]"#,
            #""statuses":[{"id":"wamid.9","status":"failed","errors":[{"code":"NAME","title":"NAME"}]}]"#,
            #""messages":[{"id":"NAME","from":"22990000002","type":"text","text":{"body":"x"}}]"#,
            #""messages":[{"id":"wamid.8","from":"NAME","type":"text","text":{"body":"NAME"}}]"#,
            #""messages":[{"id":"wamid.8","from_user_id":"NAME","type":"text","text":{"body":"x"}}]"#,
            #""messages":[{"id":"wamid.8","from":"22990000002","type":"text","text":{"body":"x"},"context":{"id":"NAME"}}]"#,
            #""messages":[{"id":"wamid.8","from":"22990000002","type":"reaction","reaction":{"message_id":"NAME","emoji":"NAME"}}]"#,
            #""messages":[{"id":"wamid.8","from":"22990000002","type":"edit","edit":{"original_message_id":"NAME","message":{"type":"text","text":{"body":"x"}}}}]"#,
            #""messages":[{"id":"wamid.8","from":"22990000002","type":"revoke","revoke":{"original_message_id":"NAME"}}]"#,
            #""messages":[{"id":"wamid.8","from":"22990000001","type":"system","system":{"type":"user_changed_number","new_wa_id":"NAME","user_id":"NAME"}}]"#,
            #""contacts":[{"wa_id":"22990000002","user_id":"NAME","profile":{"name":"NAME"}}],"messages":[{"id":"wamid.8","from":"22990000002","type":"text","text":{"body":"x"}}]"#,
        ]
    )
    func spoilsNothing(_ value: String) throws {
        for (place, name) in Self.names.enumerated() {
            let hostile = post.meta.body(value.replacing("NAME", with: name))
            let good = post.meta.status("wamid.1", ["sent", "delivered", "read"][place])
            let reply = try post.bring(hostile, good)
            #expect(reply["errorMessage"] == nil, "\(reply.text)")
            #expect(try post.status(of: message) == ["sent", "delivered", "read"][place])
        }
        #expect(try world.text(Self.states) == "done")
    }

    private static let states = "SELECT string_agg(DISTINCT state, ' ') FROM relais.webhook_inbox"
}
