import Accounts
import Database
import FunctionContract
import Testing

@Suite("What comes in stays in its workspace", .ownThread)
struct InboundIsolationTests {
    private static let tables = [
        "webhook_inbox", "interaction", "orphan_status", "contact", "message_amendment",
        "number_check",
    ]

    @Test("Another workspace sees nothing, and whoever says nothing about himself neither")
    func workspaces() throws {
        let post = try Postman()
        let stranger = try InboundWorld(in: post.world.database)
        try post.world.addUnknownMessage()
        try post.bring(
            post.meta.text("wamid.a", from: "22990000001", "Bonjour"),
            post.meta.status("wamid.x", "read"),
            post.meta.message(
                "wamid.r",
                from: "22990000001",
                #""type":"revoke","revoke":{"original_message_id":"wamid.a"}"#
            )
        )
        let connection = post.world.database.connect()
        for table in Self.tables {
            let query = "SELECT count(*) AS count FROM relais.\(table)"
            let options = TransactionOptions(identity: .service(stranger.workspace))
            let theirs = try connection.transaction(options, query)
            #expect(try theirs[0].get("count", as: Int.self) == 0, "\(table)")
            let nobody = try connection.query(Statement(query))
            #expect(try nobody[0].get("count", as: Int.self) == 0, "\(table)")
        }
    }

    @Test("Nobody writes a webhook into another workspace")
    func writing() throws {
        let database = try InboundDatabase()
        let world = try InboundWorld(in: database)
        let stranger = try InboundWorld(in: database)
        let inserts = [
            """
            INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body)
            VALUES ($1, $2, $3, 'meta', 'k', $4)
            """,
            """
            SELECT relais.keep_webhooks(ARRAY[$1], ARRAY[$2], ARRAY[$3], '{meta}', '{k}', ARRAY[$4])
            """,
        ]
        for insert in inserts {
            let statement = Statement(
                insert,
                .uuid(.v7()),
                .uuid(world.workspace),
                .uuid(world.channel.id),
                .bytes([])
            )
            let error = #expect(throws: DatabaseError.self) {
                try database.connect().transaction(
                    TransactionOptions(identity: .service(stranger.workspace)),
                    [statement]
                )
            }
            #expect(error?.code == .permission)
        }
    }
}
