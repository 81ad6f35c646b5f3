import Accounts
import Database
import FunctionContract
import Providers
import Testing

/// Some news carries neither a time nor an id: it has the same bytes each time.
@Suite("The same bytes again", .ownThread)
struct RepeatedNewsTests {
    private let post: Postman
    private var world: InboundWorld { post.world }

    init() throws {
        post = try Postman(.waha)
    }

    private func session(_ status: String) -> String {
        #"{"event":"session.status","session":"\#(world.channel.externalID)","#
            + #""payload":{"status":"\#(status)"}}"#
    }

    private func channelStatus() throws -> String? {
        try world.text("SELECT status FROM relais.channel WHERE id = $1", .uuid(world.channel.id))
    }

    /// As if everything had been delivered that much earlier.
    private func goBack(_ interval: String) throws {
        try world.owner.query(
            Statement(
                """
                UPDATE relais.webhook_inbox SET received_at = received_at - $1::interval,
                    processed_at = processed_at - $1::interval
                """,
                [.inferred(interval)]
            )
        )
        try world.owner.query(
            Statement(
                "UPDATE relais.channel SET news_at = news_at - $1::interval",
                [.inferred(interval)]
            )
        )
    }

    @Test("A session that fails a second time pauses its channel again")
    func failsAgain() throws {
        try post.bring(session("FAILED"))
        #expect(try channelStatus() == "paused")
        try goBack("20 minutes")
        try post.bring(session("WORKING"))
        #expect(try channelStatus() == "active")
        try goBack("20 minutes")
        try post.bring(session("FAILED"))
        #expect(try channelStatus() == "paused")
        #expect(try world.webhooks("done") == 2)
    }

    @Test("A delivery that is repeated soon is not read again")
    func repeated() throws {
        try post.bring(session("FAILED"))
        try goBack("1 minute")
        try post.bring(session("WORKING"))
        try post.bring(session("FAILED"))
        #expect(try channelStatus() == "active")
    }

    @Test("What waits to be read is not moved by a repetition, however late")
    func waiting() throws {
        try post.leave([session("FAILED")])
        try goBack("40 minutes")
        let before = try world.text("SELECT id FROM relais.webhook_inbox")
        try post.leave([session("FAILED")])
        #expect(try world.text("SELECT id FROM relais.webhook_inbox") == before)
        #expect(try world.count("SELECT count(*) FROM relais.webhook_inbox") == 1)
    }

    @Test("A repetition does not wait for whoever reads the first delivery")
    func readMeanwhile() throws {
        try post.leave([session("FAILED")])
        try world.owner.transaction { (transaction) throws(DatabaseError) in
            try transaction.query("SELECT FROM relais.webhook_inbox FOR UPDATE")
            do { try post.leave([session("FAILED")]) } catch { Issue.record(error) }
        }
        #expect(try world.count("SELECT count(*) FROM relais.webhook_inbox") == 1)
    }
}
