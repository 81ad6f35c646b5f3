import Accounts
import Database
import FunctionContract
import Providers
import Testing

@Suite("News about channels, templates and messages", .ownThread)
struct NewsTests {
    @Test("A session that ends pauses its channel, and one that works lets it go on")
    func sessions() throws {
        let post = try Postman(.waha)
        func session(_ status: String, at milliseconds: Int) -> String {
            """
            {"id":"evt_\(status)\(milliseconds)","timestamp":\(milliseconds),\
            "event":"session.status","session":"\(post.world.channel.externalID)",\
            "payload":{"name":"s","status":"\(status)"}}
            """
        }
        func state() throws -> String? {
            try post.world.text("SELECT concat(status, ' ', reason ->> 'code') FROM relais.channel")
        }
        try post.bring(session("SCAN_QR_CODE", at: 1_763_600_001_000))
        #expect(try state() == "paused session")
        #expect(
            try post.world.text("SELECT reason ->> 'fr' FROM relais.channel")?.contains("QR")
                == true
        )
        try post.bring(session("WORKING", at: 1_763_600_002_000))
        #expect(try state() == "active ")
        try post.bring(session("STOPPED", at: 1_763_600_001_500))
        #expect(try state() == "active ")
        try post.world.owner.query("UPDATE relais.channel SET status = 'paused', reason = NULL")
        try post.bring(session("WORKING", at: 1_763_600_003_000))
        #expect(try state() == "paused ")
    }

    @Test("News of an account are about all its channels in the workspace, and no others")
    func accounts() throws {
        let post = try Postman()
        let account = try #require(post.world.channel.accountID)
        let sibling = try InboundWorld(
            in: post.world.database,
            account: account,
            workspace: post.world.workspace
        )
        let stranger = try InboundWorld(in: post.world.database, account: account)
        try post.bring(post.meta.news("account_update", #""event":"ACCOUNT_RESTRICTION""#))
        for (world, status) in [(post.world, "paused"), (sibling, "paused"), (stranger, "active")] {
            let found = try world.text(
                "SELECT status FROM relais.channel WHERE id = $1",
                .uuid(world.channel.id)
            )
            #expect(found == status)
        }
    }

    @Test("A restriction with an end holds its channel until then, or until it is lifted")
    func restrictions() throws {
        let post = try Postman()
        func standing() throws -> String? {
            try post.world.text(
                """
                SELECT concat_ws(' ', status, extract(epoch FROM held_until)::bigint,
                    held_reason ->> 'code')
                FROM relais.channel JOIN relais.channel_state ON channel_state.channel = channel.id
                WHERE held_until > '-infinity'
                """
            )
        }
        let restriction =
            #""event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"#
            + #""RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":4102444800}]"#
        try post.bring(post.meta.news("account_update", restriction, at: 1_763_600_010))
        #expect(try standing() == "active 4102444800 account")
        let lifted = #""event":"ACCOUNT_RECONNECTED""#
        try post.bring(post.meta.news("account_update", lifted, at: 1_763_600_005))
        #expect(try standing() == "active 4102444800 account")
        try post.bring(post.meta.news("account_update", lifted, at: 1_763_600_020))
        #expect(try standing() == nil)
    }

    @Test("What holds a channel longer keeps its reason, and outlives the restriction")
    func longerHolds() throws {
        let post = try Postman()
        func hold() throws -> String? {
            try post.world.text(
                """
                SELECT concat_ws(' ', extract(epoch FROM held_until)::bigint,
                    held_reason ->> 'code')
                FROM relais.channel_state
                """
            )
        }
        func restrict(until: Int, at seconds: Int) throws {
            let restriction =
                #""event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"#
                + #""RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":\#(until)}]"#
            try post.bring(post.meta.news("account_update", restriction, at: seconds))
        }
        try post.world.owner.query(
            """
            UPDATE relais.channel_state SET held_until = to_timestamp(4102444800),
                held_reason = '{"code": "unusable"}'
            """
        )
        try restrict(until: 4_000_000_000, at: 1_763_600_010)
        #expect(try hold() == "4102444800 unusable")
        let lifted = #""event":"ACCOUNT_RECONNECTED""#
        try post.bring(post.meta.news("account_update", lifted, at: 1_763_600_020))
        #expect(try hold() == "4102444800 unusable")
        try restrict(until: 4_200_000_000, at: 1_763_600_030)
        #expect(try hold() == "4200000000 account")
    }

    @Test("Limits and warnings are kept beside a channel that goes on, the latest of each")
    func warnings() throws {
        let post = try Postman()
        func standing() throws -> String? {
            try post.world.text(
                """
                SELECT concat_ws(' ', status, messaging_limit, warning ->> 'detail')
                FROM relais.channel
                """
            )
        }
        let field = "phone_number_quality_update"
        func bring(_ news: String, at seconds: Int) throws {
            try post.bring(post.meta.news(field, news, at: seconds))
        }
        try bring(#""event":"FLAGGED","current_limit":"TIER_2K""#, at: 1_763_600_010)
        #expect(try standing() == "active TIER_2K FLAGGED")
        try bring(#""event":"THROUGHPUT_UPGRADE""#, at: 1_763_600_020)
        try bring(#""event":"UPGRADE","current_limit":"TIER_10K""#, at: 1_763_600_005)
        #expect(try standing() == "active TIER_2K FLAGGED")
        try bring(#""event":"UNFLAGGED""#, at: 1_763_600_030)
        #expect(try standing() == "active TIER_2K")
    }

    @Test("A call is heard once, however many events tell of it")
    func calls() throws {
        let post = try Postman()
        func call(_ event: String, at seconds: Int) -> String {
            post.meta.body(
                #""calls":[{"id":"call.1","from":"22990000001","event":"\#(event)","#
                    + #""timestamp":"\#(seconds)"}]"#,
                field: "calls"
            )
        }
        try post.bring(call("connect", at: 1_763_600_010), call("terminate", at: 1_763_600_020))
        try post.bring(call("terminate", at: 1_763_600_020))
        #expect(
            try post.world.text(
                """
                SELECT string_agg(concat_ws(' ', kind, provider_id, content), ', ')
                FROM relais.interaction
                """
            ) == "call call.1"
        )
    }

    @Test("A template is what the latest news says")
    func templates() throws {
        let post = try Postman()
        try post.world.owner.query(
            """
            INSERT INTO relais.template (id, workspace, account_id, name, language, category, body,
                status, external_id)
            VALUES ($1, $2, $3, 'welcome', 'fr', 'MARKETING', 'Hi', 'pending', '42')
            """,
            .uuid(.v7()),
            .uuid(post.world.workspace),
            .text(post.world.channel.accountID)
        )
        func template() throws -> String? {
            try post.world.text(
                "SELECT concat_ws(' ', status, reason, category, quality) FROM relais.template"
            )
        }
        let id =
            #""message_template_id":42,"message_template_name":"welcome","#
            + #""message_template_language":"fr","#
        let status = "message_template_status_update"
        try post.bring(
            post.meta.news(
                status,
                id + #""event":"APPROVED","reason":"NONE""#,
                at: 1_763_600_010
            )
        )
        #expect(try template() == "approved MARKETING")
        try post.bring(
            post.meta.news(status, id + #""event":"REJECTED","reason":"SPAM""#, at: 1_763_600_005),
            post.meta.news(status, id + #""event":"SOMETHING_NEW""#, at: 1_763_600_020),
            post.meta.news(
                "message_template_quality_update",
                id + #""previous_quality_score":"GREEN","new_quality_score":"RED""#,
                at: 1_763_600_012
            ),
            post.meta.news(
                "template_category_update",
                id + #""previous_category":"MARKETING","new_category":"UTILITY""#,
                at: 1_763_600_011
            )
        )
        #expect(try template() == "approved UTILITY RED")
        let pause = #""event":"PAUSED","other_info":{"title":"FIRST_PAUSE"}"#
        try post.bring(post.meta.news(status, id + pause, at: 1_763_600_030))
        #expect(try template() == "paused FIRST_PAUSE UTILITY RED")
    }

    @Test("A message that was changed or taken back keeps what it said")
    func amendments() throws {
        let post = try Postman()
        let edit = { (text: String, at: Int) in
            post.meta.message(
                "wamid.e\(at)",
                from: "22990000001",
                #""type":"edit","edit":{"original_message_id":"wamid.a","#
                    + #""message":{"type":"text","text":{"body":"\#(text)"}}}"#,
                at: at
            )
        }
        let revoke = post.meta.message(
            "wamid.r",
            from: "22990000001",
            #""type":"revoke","revoke":{"original_message_id":"wamid.a"}"#,
            at: 1_763_600_040
        )
        try post.bring(revoke, edit("later", 1_763_600_030), edit("earlier", 1_763_600_020))
        try post.bring(post.meta.text("wamid.a", from: "22990000001", "first", at: 1_763_600_010))
        let amendments = try post.world.text(
            """
            SELECT string_agg(concat_ws(' ', kind, content), ', ' ORDER BY kind)
            FROM relais.message_amendment WHERE provider_id = 'wamid.a'
            """
        )
        #expect(amendments == "edited later, revoked")
        #expect(
            try post.world.text("SELECT content FROM relais.interaction") == "first"
        )
    }

    @Test("What nobody understands, and what is about others, is kept and counted")
    func unknown() throws {
        let post = try Postman()
        let stranger = try InboundWorld(in: post.world.database)
        let forged = MetaWebhook(channel: stranger.channel)
            .text("wamid.f", from: "22990000001", "STOP")
        try post.bring(
            post.meta.body(#""new_things":[1]"#, field: "new_field"),
            forged,
            #"{"what":"ever"}"#,
            "[]",
            "7"
        )
        #expect(
            try post.world.count(
                "SELECT count(*) FROM relais.webhook_inbox WHERE state = 'done' AND processed_at IS NOT NULL"
            ) == 5
        )
        #expect(try post.world.count("SELECT sum(unknown_count) FROM relais.webhook_inbox") >= 2)
        #expect(try post.world.count("SELECT count(*) FROM relais.contact") == 0)
        #expect(try post.world.count("SELECT count(*) FROM relais.interaction") == 0)
    }

    @Test("One address may receive for other channels of the same app")
    func siblings() throws {
        let post = try Postman()
        let sibling = try InboundWorld(
            in: post.world.database,
            workspace: post.world.workspace
        )
        try post.bring(
            MetaWebhook(channel: sibling.channel).text("wamid.f", from: "22990000001", "Bonjour")
        )
        #expect(
            try post.world.text("SELECT channel FROM relais.interaction")
                == sibling.channel.id.description
        )
    }
}
