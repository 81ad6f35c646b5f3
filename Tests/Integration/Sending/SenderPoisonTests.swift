import Accounts
import Campaigns
import Database
import FunctionContract
import HTTPClient
import Messages
import Networks
import Providers
import Security
import Sending
import Testing
import Work

/// A channel that cannot be served is a matter of that channel alone.
@Suite(.ownThread)
struct SenderPoisonTests {
    private let database: MessagingDatabase
    private let owner: Connection
    private let provider: SimulatedProvider

    init() throws {
        database = try MessagingDatabase()
        owner = try database.connectAsOwner()
        provider = try SimulatedProvider()
    }

    /// What can be wrong with a channel.
    private enum Poison: CaseIterable {
        case unknownProvider, damagedSecret, missingKey, refusedClaim, refusedRecord

        /// Whether every process finds it, so that the channel rests for all.
        var isKnownToAll: Bool { self != .missingKey }
    }

    private func spoil(_ tenant: Tenant, _ poison: Poison) throws {
        switch poison {
        case .unknownProvider:
            try owner.query("ALTER TABLE relais.channel DROP CONSTRAINT channel_provider_check")
            try owner.query(
                "UPDATE relais.channel SET provider = 'pigeon' WHERE id = $1",
                .uuid(tenant.channel.id)
            )
        case .damagedSecret:
            _ = try tenant.read("UPDATE relais.channel SET access = '\\x00'")
        case .missingKey:
            let other = try SealedSecrets(masterKeys: InboundDatabase.masterKey)
            try Channels(tenant.connection, other, as: tenant.identity)
                .replaceToken(of: tenant.channel.id, with: "token")
        case .refusedClaim:
            try refuse("UPDATE", on: "outbox", tenant, when: "NEW.state = 'sending'")
        case .refusedRecord:
            try refuse("INSERT", on: "message_reference", tenant, when: "true")
        }
    }

    /// The database refuses such a change of the tenant's rows, whoever asks for it.
    private func refuse(
        _ event: String,
        on table: String,
        _ tenant: Tenant,
        when condition: String
    ) throws {
        let name = "refuse_\(table)"
        try owner.run(
            script: """
                CREATE FUNCTION \(name)() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$;
                CREATE TRIGGER \(name) BEFORE \(event) ON relais.\(table) FOR EACH ROW
                WHEN (NEW.workspace = '\(tenant.workspace)' AND \(condition))
                EXECUTE FUNCTION \(name)();
                """
        )
    }

    private func tenant(_ poison: Poison) throws -> Tenant {
        let tenant = try Tenant(in: database, baseURL: provider.baseURL)
        try tenant.addContacts(3)
        try tenant.startTransactional()
        try spoil(tenant, poison)
        return tenant
    }

    @Test("poisoned channels go first, and a hundred others send everything in the same run")
    func others() throws {
        let poisoned = try Poison.allCases.map { (poison: $0, tenant: try tenant($0)) }
        let sound = try Tenant(in: database, baseURL: provider.baseURL)
        try sound.addContacts(2)
        let channels = try sound.addChannels(100, at: provider.baseURL)
        try sound.write(on: channels)
        _ = try sound.read("UPDATE relais.channel_state SET served_at = now()")
        var limits = SendLimits()
        // Nothing goes back because it is late.
        limits.lateness = .seconds(60)
        let sender = try Sender(
            database.connect(),
            HTTPClient(egress: .loopback),
            Tenant.vault(),
            limits: limits
        )
        let summary = try sender.run(until: .now + .seconds(600))
        #expect(try sound.statuses() == [.accepted: 200])
        for (poison, tenant) in poisoned {
            let id = "\(tenant.channel.id)"
            #expect(summary.problems.contains { $0.contains(id) }, "\(poison)")
            let isHeld = """
                SELECT FROM relais.channel_state
                WHERE held_until > '-infinity' AND held_reason ->> 'fr' <> ''
                """
            #expect(try tenant.count(isHeld) == (poison.isKnownToAll ? 1 : 0), "\(poison)")
            #expect(try tenant.count("SELECT FROM relais.outbox WHERE state = 'sending'") == 0)
        }
    }

    @Test("a channel rests twice as long each time, and not at all once it can be served")
    func restsLonger() throws {
        let tenant = try tenant(.refusedClaim)
        for seconds in [120, 240, 480] {
            _ = try tenant.read("UPDATE relais.channel_state SET held_until = now()")
            _ = try tenant.send()
            let row = try tenant.read(
                """
                SELECT extract(epoch FROM held_until - served_at)::float8 AS rest
                FROM relais.channel_state
                """
            )[0]
            let rest: Double = try row.get("rest")
            #expect((Double(seconds)..<Double(2 * seconds)).contains(rest))
        }
        try owner.run(script: "DROP TRIGGER refuse_outbox ON relais.outbox")
        _ = try tenant.read("UPDATE relais.channel_state SET held_until = now()")
        #expect(try tenant.send().accepted == 3)
        #expect(try tenant.count("SELECT FROM relais.channel_state WHERE obstacles = 0") == 1)
    }

    @Test("an answer that cannot be recorded makes its message unknown, and no other")
    func unrecordable() throws {
        let tenant = try Tenant(in: database, baseURL: provider.baseURL)
        let contacts = try tenant.addContacts(9)
        let campaign = try tenant.startTransactional()
        let row = try tenant.read(
            "SELECT id FROM relais.message WHERE contact = $1",
            .uuid(contacts[4])
        )[0]
        let message: UUID = try row.get("id")
        try refuse(
            "INSERT",
            on: "message_reference",
            tenant,
            when: "NEW.message = '\(message)'"
        )
        var limits = SendLimits()
        // Nothing goes back because it is late.
        limits.lateness = .seconds(60)
        let sender = try Sender(
            database.connect(),
            HTTPClient(egress: .loopback),
            Tenant.vault(),
            limits: limits
        )
        let summary = try sender.run(until: .now + .seconds(120))
        #expect(summary.accepted == 8)
        #expect(try tenant.statuses(of: campaign) == [.accepted: 8, .unknown: 1])
        let unknown = try tenant.read(
            "SELECT id, reason FROM relais.message WHERE status = 'unknown'"
        )[0]
        #expect(try unknown.get("id") == message)
        #expect(Reason(stored: try unknown.get("reason"))?.code == "unrecorded")
        #expect(try provider.duplicates == 0)
    }

    @Test("rows that somebody locks keep nobody else waiting, and are told of afterwards")
    func locked() throws {
        let stuck = try Tenant(in: database, baseURL: provider.baseURL)
        try stuck.addContacts(5)
        let campaign = try stuck.startTransactional()
        let sound = try Tenant(in: database, baseURL: provider.baseURL)
        try sound.addContacts(5)
        let other = try sound.startTransactional()
        var limits = SendLimits()
        limits.patience = .milliseconds(500)
        limits.lease = .seconds(300)
        limits.lateness = .seconds(60)
        let options = TransactionOptions(identity: stuck.identity)
        let (sender, result) = try owner.transaction(options) {
            (transaction) throws(DatabaseError) -> (RunningSender, Result<Void, any Error>) in
            // A claim waits for no lock of a message; what records its result does.
            try transaction.query(
                Statement(
                    "SELECT FROM relais.message WHERE workspace = $1 FOR UPDATE",
                    .uuid(stuck.workspace)
                )
            )
            let sender = RunningSender(on: database, for: .seconds(200), limits)
            let result = Result {
                try database.waitUntil("the messages of the other") {
                    try sound.statuses(of: other) == [.accepted: 5]
                }
            }
            return (sender, result)
        }
        try result.get()
        let summary = try sender.summary()
        #expect(summary.accepted == 10)
        #expect(try stuck.statuses(of: campaign) == [.accepted: 5])
    }
}
