import Accounts
import Database
import FunctionContract
import Providers
import Testing

@Suite(.ownThread)
struct ChannelTests {
    private let tenant: Tenant
    private let channels: Channels

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get()) { channel in
            channel.quietHours = Channel.QuietHours(from: "22:00:00", until: "07:00:00")
            channel.accountID = "waba"
        }
        channels = Channels(tenant.connection, tenant.secrets, as: tenant.identity)
    }

    @Test("a stored channel reads back unchanged, and only we can open its secrets")
    func roundTrips() throws {
        let (channel, access) = try channels.open(tenant.channel.id)
        #expect(channel == tenant.channel)
        #expect(access.token == "token")
        let sealed = try tenant.read("SELECT access, webhook FROM relais.channel")[0]
        for column in ["access", "webhook"] {
            let bytes: [UInt8] = try sealed.get(column)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("token") && !text.contains("secret"))
        }
    }

    @Test("a webhook finds its channel before the workspace is known")
    func webhooksFindTheirChannel() throws {
        let addressees = WebhookAddressees(tenant.connection, tenant.secrets)
        let found = try #require(try addressees.find(tenant.channel.id))
        #expect(found.channel.workspace == tenant.workspace)
        #expect(found.webhook.secrets.signing == ["secret"])
        #expect(try addressees.find(.v7()) == nil)
    }

    @Test("a number may be connected once in each of several workspaces")
    func nobodyKeepsANumberForThemselves() throws {
        let squatter = try Tenant(in: tenant.database)
        let own = try Tenant(in: tenant.database)
        let webhook = WebhookCredentials(secrets: WebhookSecrets(signing: ["mine"]))
        let channels = Channels(own.connection, own.secrets, as: own.identity)
        func connect() throws(AccountError) -> UUID {
            let channel = Channel(
                id: .v7(),
                workspace: own.workspace,
                name: "The real one",
                provider: squatter.channel.provider,
                baseURL: squatter.channel.baseURL,
                externalID: squatter.channel.externalID,
                pacing: squatter.channel.pacing
            )
            try channels.add(channel, token: "mine", webhook: webhook)
            return channel.id
        }
        let id = try connect()
        // Each address leads to the channel whose secret proves the webhook.
        let addressees = WebhookAddressees(own.connection, own.secrets)
        #expect(try addressees.find(id)?.webhook == webhook)
        #expect(try addressees.find(squatter.channel.id)?.webhook.secrets.signing == ["secret"])
        let error = #expect(throws: AccountError.self) { try connect() }
        let cause =
            if case .database(let cause) = error { cause.code } else { nil as DatabaseError.Code? }
        #expect(cause == .uniqueViolation)
    }

    @Test("during a rotation the old and the new secret are valid")
    func rotates() throws {
        let both = WebhookCredentials(secrets: WebhookSecrets(signing: ["new", "secret"]))
        try channels.replaceWebhook(of: tenant.channel.id, with: both)
        try channels.replaceToken(of: tenant.channel.id, with: "token-2")
        let addressees = WebhookAddressees(tenant.connection, tenant.secrets)
        #expect(try addressees.find(tenant.channel.id)?.webhook == both)
        #expect(try channels.open(tenant.channel.id).access.token == "token-2")
    }

    @Test("an admin can use channels but not configure them")
    func adminsConfigureNothing() throws {
        let identity = Identity.member(.v7(), .admin, of: tenant.workspace)
        let channels = Channels(tenant.connection, tenant.secrets, as: identity)
        #expect(try channels.all().count == 1)
        #expect(throws: AccountError.channelMissing(tenant.channel.id)) {
            try channels.pause(tenant.channel.id)
        }
    }

    @Test("a person's pause replaces an earlier reason, so only a person can resume")
    func pausesByPersons() throws {
        _ = try tenant.read(
            """
            UPDATE relais.channel SET status = 'paused', reason = '{"code": "session"}'
            """
        )
        try channels.pause(tenant.channel.id)
        let row = try tenant.read("SELECT status, reason FROM relais.channel")[0]
        #expect(try row.get("status", as: String.self) == "paused")
        #expect(try row.get("reason", as: String?.self) == nil)
        try channels.resume(tenant.channel.id)
        #expect(try channels.open(tenant.channel.id).channel.status == .active)
    }

    /// Rows of the inbox that were read so far, with what `connection` did.
    private func webhooksRead(_ owner: Connection, by connection: Connection) throws -> Int {
        try connection.query("SELECT pg_stat_force_next_flush()")
        return try owner.query(
            """
            SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS count FROM pg_stat_user_tables
            WHERE schemaname = 'relais' AND relname = 'webhook_inbox'
            """
        )[0].get("count")
    }

    @Test(
        "what is shown of its webhooks costs the same, however many there are",
        .enabled(if: PostgresFixture.isDirect)
    )
    func countsWebhooks() throws {
        let tenant = try Tenant(in: MessagingDatabase())
        let channels = Channels(tenant.connection, tenant.secrets, as: tenant.identity)
        let owner = try tenant.database.connectAsOwner()
        #expect(try channels.standing(of: tenant.channel).lastWebhook == nil)
        func fill(_ state: String, _ count: Int) throws {
            try owner.query(
                """
                INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key,
                    body, state, received_at)
                SELECT gen_random_uuid(), $1, $2, 'waha', $3 || n, '', $3, to_timestamp(n)
                FROM generate_series(1, $4) AS n
                """,
                .uuid(tenant.workspace),
                .uuid(tenant.channel.id),
                .text(state),
                .int(count)
            )
        }
        try fill("done", 20_000)
        try fill("failed", ChannelStanding.failureLimit + 500)
        try fill("received", 2_000)
        for isAnalyzed in [false, true] {
            if isAnalyzed { try owner.run(script: "ANALYZE") }
            let before = try webhooksRead(owner, by: tenant.connection)
            let standing = try channels.standing(of: tenant.channel)
            #expect(standing.failedWebhooks == ChannelStanding.failureLimit)
            #expect(standing.lastWebhook == Timestamp(milliseconds: 2_000_000))
            let read = try webhooksRead(owner, by: tenant.connection) - before
            #expect(read <= ChannelStanding.failureLimit + 1)
        }
        try owner.query(
            """
            INSERT INTO relais.inbox_turn (workspace, line, served_at, received_at)
            VALUES ($1, $2, now(), to_timestamp(3000))
            """,
            .uuid(tenant.workspace),
            .uuid(tenant.channel.id)
        )
        #expect(
            try channels.standing(of: tenant.channel).lastWebhook
                == Timestamp(milliseconds: 3_000_000)
        )
    }

    @Test("resuming clears the channel's hold and its reason")
    func resumes() throws {
        _ = try tenant.read(
            """
            UPDATE relais.channel_state SET failures = 7, held_until = 'infinity',
                held_reason = '{"code": "x"}'
            """
        )
        try channels.resume(tenant.channel.id)
        #expect(
            try tenant.count(
                """
                SELECT FROM relais.channel_state
                WHERE failures = 0 AND held_until < now() AND held_reason IS NULL
                """
            ) == 1
        )
    }

    @Test(
        "quiet hours may span midnight and follow the channel's time zone",
        arguments: [
            ("2026-11-20T21:30:00Z", "22:00", "07:00", "2026-11-21T06:00:00Z"),
            ("2026-11-20T20:59:59Z", "22:00", "07:00", nil),
            ("2026-11-21T05:59:59Z", "22:00", "07:00", "2026-11-21T06:00:00Z"),
            ("2026-11-21T06:00:00Z", "22:00", "07:00", nil),
            ("2026-11-20T12:00:00Z", "12:00", "14:00", "2026-11-20T13:00:00Z"),
            ("2026-11-20T13:00:00Z", "12:00", "14:00", nil),
            ("2026-11-20T12:00:00Z", "08:00", "08:00", nil),
            // The night on which the clock goes back.
            ("2026-10-24T22:00:00Z", "23:00", "06:00", "2026-10-25T05:00:00Z"),
        ]
    )
    func quietHours(moment: String, from: String, until: String, end: String?) throws {
        let row = try tenant.read(
            """
            SELECT relais.quiet_end($1::text::timestamptz, $2::text::time, $3::text::time,
                'Europe/Paris') IS NOT DISTINCT FROM $4::text::timestamptz AS is_right
            """,
            .text(moment),
            .text(from),
            .text(until),
            .text(end)
        )[0]
        #expect(try row.get("is_right"))
    }
}
