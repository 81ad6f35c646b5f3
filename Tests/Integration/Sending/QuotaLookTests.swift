import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Providers
import SeededRandom
import Sending
import Testing
import Work

/// What a look promises is what a sender gets: else one asks again and again for nothing.
@Suite(.ownThread)
struct QuotaLookTests {
    private let database: MessagingDatabase
    private let owner: Connection

    init() throws {
        database = try MessagingDatabase()
        owner = try database.connectAsOwner()
    }

    /// A month that began so many days ago.
    private func begin(_ tenant: Tenant, daysAgo: Int, carried: Int, used: Int) throws {
        try owner.query("DELETE FROM relais.quota_period")
        try owner.query(
            """
            INSERT INTO relais.quota_period (workspace, starts_on, used, carried, quota, granted)
            SELECT id, (now() AT TIME ZONE timezone)::date - $2::integer, $3, $4, 500, 0
            FROM relais.workspace WHERE id = $1
            """,
            .uuid(tenant.workspace),
            .int32(Int32(daysAgo)),
            .int(used),
            .int(carried)
        )
    }

    private func renew(_ tenant: Tenant, on day: Int, quota: Int?) throws {
        try owner.query(
            """
            UPDATE relais.workspace SET quota_renews_on = $2, monthly_message_quota = $3
            WHERE id = $1
            """,
            .uuid(tenant.workspace),
            .int(day),
            .int(quota)
        )
    }

    @Test("whenever the month began and renews, a look finds as much as a sender gets")
    func agrees() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let tenant = try Tenant(in: database)
        try tenant.addContacts(1)
        try tenant.write(on: [tenant.channel.id])
        for _ in 0..<150 {
            let quota = Int.random(in: 0...300, using: &random)
            try renew(tenant, on: Int.random(in: 1...31, using: &random), quota: quota)
            if Int.random(in: 0..<8, using: &random) == 0 {
                try owner.query("DELETE FROM relais.quota_period")
            } else {
                try begin(
                    tenant,
                    daysAgo: Int.random(in: 0...70, using: &random),
                    carried: Int.random(in: 0...150, using: &random),
                    used: Int.random(in: 0...200, using: &random)
                )
            }
            let look = try owner.query(
                """
                SELECT room, opens_at = 'infinity' AS is_closed
                FROM relais.channel_prospects(5000)
                """
            )[0]
            let granted = try Quotas(tenant.connection).take(1000, for: tenant.workspace).granted
            #expect(max(0, try look.get("room")) == granted, "seed \(seed)")
            #expect(try look.get("is_closed") == (granted == 0), "seed \(seed)")
        }
    }

    /// Transactions in the database so far, with what the tenant's connection did.
    private func transactions(_ tenant: Tenant) throws -> Int {
        try tenant.connection.query("SELECT pg_stat_force_next_flush()")
        return try owner.query(
            """
            SELECT (xact_commit + xact_rollback)::bigint AS count
            FROM pg_stat_database WHERE datname = current_database()
            """
        )[0].get("count")
    }

    @Test("a month that is used up is not asked for again and again when its day is moved")
    func rests() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database, baseURL: provider.baseURL)
        try tenant.addContacts(5)
        try tenant.startTransactional()
        try renew(tenant, on: 1, quota: 3)
        #expect(try tenant.send().accepted == 3)
        try begin(tenant, daysAgo: 10, carried: 0, used: 3)
        let today: Int = try owner.query(
            """
            SELECT extract(day FROM now() AT TIME ZONE timezone)::integer AS day
            FROM relais.workspace
            """
        )[0].get("day")
        try renew(tenant, on: today, quota: 3)
        let before = try transactions(tenant)
        let summary = try tenant.send(for: .seconds(20))
        #expect(summary.accepted == 0)
        #expect(summary.remaining == 0)
        #expect(try transactions(tenant) - before < 100)
    }

    @Test("messages that another has locked are asked for less and less often")
    func lulls() throws {
        let provider = try SimulatedProvider()
        let slow = try Tenant(
            in: database,
            baseURL: provider.baseURL,
            pacing: Accounts.Pacing(RateLimit(interval: .milliseconds(500)))
        )
        try slow.addContacts(10)
        try slow.startTransactional()
        let locked = try Tenant(in: database, baseURL: provider.baseURL)
        try locked.addContacts(3)
        let campaign = try locked.startTransactional()
        let before = try transactions(slow)
        let result = try owner.transaction {
            (transaction) throws(DatabaseError) -> Result<Int, any Error> in
            try transaction.query(
                Statement(
                    "SELECT FROM relais.outbox WHERE lane = $1 FOR UPDATE",
                    .uuid(campaign)
                )
            )
            return Result { try slow.send(for: .seconds(60)).accepted }
        }
        #expect(try result.get() == 10)
        // Five seconds without a pause are thousands.
        #expect(try transactions(slow) - before < 500)
        #expect(try locked.send().accepted == 3)
    }
}
