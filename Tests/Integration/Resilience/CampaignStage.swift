import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
import Glibc
import Messages
import Providers
import Security
import Testing
import Work

/// Everything that a campaign goes through, in processes of its own: the database, the platform with
/// its functions, and the simulator, which is the witness.
final class CampaignStage {
    /// When the database has a server of its own, which may be killed.
    let server: PrivateServer?
    let database: MessagingDatabase
    let tenant: Tenant
    let provider: SimulatedProvider
    var runner: Runner
    let port: UInt16
    /// Functions of a platform that is gone, which finish what they had begun.
    var orphans: [pid_t] = []
    /// Whether anybody was killed, perhaps with something in hand.
    var hasDead = false

    private static let functions = [
        "send-batch", "inbound-webhook", "process-inbound", "campaign-control", "recover-stalled",
    ]

    /// `rate` is how many messages the channel sends a second.
    init(contacts: Int, rate: Int, on server: PrivateServer? = nil, _ scenario: JSON) throws {
        self.server = server
        database =
            try server.map { try MessagingDatabase(emptyAt: $0.url(database: "postgres")) }
            ?? MessagingDatabase()
        port = try SilentPort.numbers(1)[0]
        provider = try SimulatedProvider(scenario, platform: port)
        tenant = try Tenant(
            in: database,
            provider: .meta,
            baseURL: provider.baseURL,
            pacing: Accounts.Pacing(RateLimit(rate, per: .seconds(1), burst: 5))
        ) { $0.accountID = "waba" }
        runner = try Self.start(on: port, database)
        try provider.change(["accounts": [tenant.simulatorAccount]])
        try tenant.addContacts(contacts)
    }

    deinit {
        runner.end()
        for orphan in orphans { Glibc.kill(-orphan, SIGKILL) }
    }

    static func start(on port: UInt16, _ database: MessagingDatabase) throws -> Runner {
        try Runner(
            try FunctionFolder(),
            [
                "--port", "\(port)", "--functions", BuiltProduct.packageRoot + "/functions",
                "--access-log", "off",
            ] + functions.flatMap { ["--only", $0] },
            environment: [
                "DATABASE_URL": database.url, "RELAIS_MASTER_KEYS": Tenant.masterKeys,
                "RELAIS_ALLOWED_NETWORKS": "127.0.0.0/8",
            ]
        )
    }

    /// A campaign in two messages, whose hour has come.
    func scheduleCampaign(change: (inout Campaign) -> Void = { _ in }) throws -> UUID {
        let form = TemplateForm(
            name: "recolte",
            language: "fr",
            category: .marketing,
            body: "Bonjour {{1}}",
            variables: [TemplateForm.Variable(.body, name: "1")],
            status: .approved
        )
        try Templates(tenant.connection, as: tenant.identity).add(form, account: "waba")
        var campaign = Campaign(
            channel: tenant.channel.id,
            name: "Récolte",
            .template(form.id)
        )
        campaign.followUp = "Merci {{contact.first_name}}"
        campaign.tags = ["vip"]
        campaign.variables = ["1": "{{contact.first_name}}"]
        change(&campaign)
        try tenant.campaigns.add(campaign)
        try tenant.campaigns.schedule(campaign.id, at: .now + .milliseconds(1), now: .now)
        return campaign.id
    }

    // MARK: Time

    /// What the clock does within a few minutes: every schedule fires.
    func letMinutesPass() throws {
        for function in Self.functions where function != "inbound-webhook" {
            _ = try invokeLater(function)
        }
    }

    /// As if the time of readers who were killed with webhooks in hand had passed.
    func freeWebhooks() throws {
        try run(
            """
            UPDATE relais.webhook_inbox SET lease_until = now()
            WHERE state = 'received' AND lease_until > now()
            """
        )
    }

    /// The same for senders.
    private func freeMessages() throws {
        try run("UPDATE relais.outbox SET lease_until = now() WHERE state = 'sending'")
    }

    /// As if nobody had said a word for so long about what is unknown.
    func endGrace() throws {
        try run("UPDATE relais.outbox SET lease_until = now() WHERE state = 'unknown'")
        try runner.waitUntil("end of the time of grace") {
            try letMinutesPass()
            usleep(200_000)
            return try count(
                "SELECT FROM relais.outbox WHERE state = 'unknown' AND lease_until <= now()"
            ) == 0
        }
    }

    /// Waits until so much more has been sent and told, or nothing moves any more.
    func await(_ events: Int) throws {
        let start = try activity()
        let end = ContinuousClock.now + Self.patience
        try runner.waitUntil("\(events) events") {
            usleep(10_000)
            return try activity() >= start + events || ContinuousClock.now > end
        }
    }

    private static let patience: Duration = .seconds(2)

    /// Requests to send and webhooks delivered, so far.
    private func activity() throws -> Int {
        let summary = try provider.summary()
        let delivered = summary["webhooks"]?["delivered"]?.integer ?? 0
        return delivered + (summary["received"]?.integer ?? 0)
    }

    /// As if the time had passed that messages wait to be tried again, and their channel with them.
    func endWaits() throws {
        try run("UPDATE relais.outbox SET due_at = now() WHERE due_at > now()")
        try run("UPDATE relais.channel_state SET held_until = now() WHERE held_until > now()")
    }

    /// Waits until nobody has anything left to do. What the dead had in hand is settled.
    func settle() throws {
        var isCalm = false
        var next = ContinuousClock.now
        // Not so often that the living cannot finish what they have in hand.
        var nextRelease = next
        try runner.waitUntil("end of the campaign", within: .seconds(900)) {
            usleep(20_000)
            if ContinuousClock.now > next {
                if hasDead, ContinuousClock.now > nextRelease {
                    try freeWebhooks()
                    try freeMessages()
                    nextRelease = .now + .seconds(10)
                }
                try endWaits()
                try letMinutesPass()
                next = .now + .seconds(2)
            }
            let wasCalm = isCalm
            isCalm = try hasNothingToDo()
            return wasCalm && isCalm
        }
    }

    private func hasNothingToDo() throws -> Bool {
        let webhooks = try provider.summary()["webhooks"]
        guard webhooks?["pending"] == 0, webhooks?["planned"] == 0 else { return false }
        return try count(
            """
            SELECT FROM relais.webhook_inbox WHERE state <> 'done'
            UNION ALL SELECT FROM relais.outbox WHERE state IN ('ready', 'sending')
            UNION ALL SELECT FROM relais.orphan_status
            UNION ALL SELECT FROM relais.campaign WHERE status = 'scheduled'
            """
        ) == 0
    }

    private func run(_ sql: String) throws {
        _ = try patiently { connection in try connection.query(Statement(sql)) }
    }

    func count(_ sql: String) throws -> Int {
        try patiently { connection in
            try connection.query(Statement("SELECT count(*) AS count FROM (\(sql)) AS found"))[0]
                .get("count")
        }
    }

    /// Has the platform call the function in a moment, as its schedule would.
    private func invokeLater(_ function: String) throws -> Bool {
        var event = CloudEvent(id: "now", source: "/test", type: CloudEvent.scheduleFired)
        event.subject = function
        event.time = Timestamp.now
        let answer = try runner.askAsOperator(
            "POST",
            "/_invoke/\(function)",
            headers: ["x-invoke-type": "event"],
            body: Event.cloud(event).bytes
        )
        return answer.status == 202
    }

    /// Asks the owner's connection until the database, which may just be starting, answers.
    func patiently<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        try runner.wait("answer of the database") {
            do {
                return try body(database.connectAsOwner())
            } catch let error as DatabaseError where error.isOfAnOutage {
                return nil
            }
        }
    }
}

extension DatabaseError {
    fileprivate var isOfAnOutage: Bool {
        switch code {
        case .unreachable, .connectionLost, .commitUnknown, .timeout: true
        default: sqlState?.hasPrefix("57") ?? false
        }
    }
}

extension Tenant {
    /// The channel, as the simulator knows it.
    var simulatorAccount: JSON {
        [
            "provider": "meta", "id": .string(channel.externalID), "business": "waba",
            "phone": "+22890000000", "channel": .string(channel.id.description),
            "secret": "secret",
        ]
    }
}
