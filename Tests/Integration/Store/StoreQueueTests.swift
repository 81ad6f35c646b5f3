import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Sending
import Testing
import Work

/// What the store tells about messages that wait to be sent and webhooks that wait to be read.
@Suite("The store's queues", .ownThread)
struct StoreQueueTests {
    private let database: MessagingDatabase
    private let store: StoreProcess

    init() throws {
        // Queues are seen across workspaces: each test has a database of its own.
        database = try MessagingDatabase()
        store = try StoreProcess(database.url)
    }

    /// How many calls would find work in the queue, and the milliseconds until there is more.
    private func look(_ queue: String = "send") throws -> (ready: Int?, next: Int?) {
        let answer = try store.ask("POST", "/queues/look", ["queues": [.string(queue)]]).json
        #expect(answer["queues"]?[0]?["name"] == .string(queue))
        return (
            answer["queues"]?[0]?["ready"]?.integer, answer["nextInMilliseconds"]?.integer
        )
    }

    private func described(_ queue: String = "send") throws -> JSON? {
        try store.ask("GET", "/queues").json["queues"]?.array?.first {
            $0["queue"] == .string(queue)
        }
    }

    /// A tenant with a campaign to so many.
    private func tenant(
        _ count: Int,
        pacing: Accounts.Pacing = Accounts.Pacing(
            RateLimit(interval: .microseconds(100), burst: 1000)
        ),
        dailyCap: Int = 1_000_000,
        change: (inout Channel) -> Void = { _ in }
    ) throws -> Tenant {
        let tenant = try Tenant(
            in: database,
            pacing: pacing,
            dailyCap: dailyCap,
            change: change
        )
        try tenant.addContacts(count)
        try tenant.startTransactional()
        return tenant
    }

    @Test("Due messages request calls and are described")
    func due() throws {
        #expect(try look() == (0, nil))
        #expect(try described() == nil)
        try expectOneCall(for: try tenant(40))
        let send = try #require(try described())
        #expect(send["ready"] == 40)
        #expect(send["leased"] == 0)
        #expect(send["waiting"] == 0)
        #expect(send["oldestReadySeconds"]?.integer ?? -1 >= 0)
    }

    /// What is due asks for one call, and for more once nobody has come for two seconds.
    private func expectOneCall(for tenant: Tenant) throws {
        try database.waitUntil("one call") {
            _ = try tenant.read("UPDATE relais.outbox SET due_at = now()")
            return try look() == (1, nil)
        }
    }

    @Test("A retry requests a call when it is due, and not before")
    func retries() throws {
        let tenant = try tenant(3)
        _ = try tenant.read("UPDATE relais.outbox SET due_at = now() + interval '90 seconds'")
        let (ready, next) = try look()
        #expect(ready == 0)
        #expect((30_000...90_001).contains(next ?? 0))
        #expect(try described()?["waiting"] == 3)
    }

    @Test("Work that waits for time or a person requests no call", arguments: Obstacle.all)
    func obstacles(_ obstacle: Obstacle) throws {
        let tenant = try tenant(3)
        try expectOneCall(for: tenant)
        try obstacle.block(tenant)
        let (ready, next) = try look()
        #expect(ready == 0)
        if let seconds = obstacle.seconds {
            let wait = try #require(next)
            #expect((seconds.lowerBound * 1000...seconds.upperBound * 1000 + 1).contains(wait))
        } else {
            #expect(next == nil)
        }
        #expect(try described()?["ready"] == 0)
        #expect(try described()?["waiting"] == 3)
        #expect(try tenant.send(for: .seconds(12)).remaining == 0)
    }

    /// Why a channel's messages wait, and for how long.
    struct Obstacle: CustomTestStringConvertible {
        let testDescription: String
        let seconds: ClosedRange<Int>?
        let sql: String

        static let all = [
            Obstacle(
                testDescription: "a paused channel",
                seconds: nil,
                sql: "UPDATE relais.channel SET status = 'paused'"
            ),
            Obstacle(
                testDescription: "a paused campaign",
                seconds: nil,
                sql: "UPDATE relais.campaign SET status = 'paused'"
            ),
            Obstacle(
                testDescription: "a channel that is held",
                seconds: 60...120,
                sql: """
                    UPDATE relais.channel_state SET held_until = now() + interval '2 minutes'
                    """
            ),
            Obstacle(
                testDescription: "a rate that gives nothing",
                seconds: 60...120,
                sql: """
                    UPDATE relais.rate_bucket SET interval_us = 120000000, burst = 1,
                        theoretical_arrival = extract(epoch FROM now() + interval '2 minutes')
                            * 1000000
                    """
            ),
            Obstacle(
                testDescription: "quiet hours",
                seconds: 3000...7200,
                sql: """
                    UPDATE relais.channel SET timezone = 'UTC',
                        quiet_from = (now() AT TIME ZONE 'UTC')::time - interval '1 minute',
                        quiet_until = (now() AT TIME ZONE 'UTC')::time + interval '1 hour'
                    """
            ),
            Obstacle(
                testDescription: "a day that is used up",
                seconds: 0...86_400,
                sql: """
                    WITH capped AS (UPDATE relais.channel SET daily_cap = 5 RETURNING *)
                    INSERT INTO relais.counter (key, day, workspace, timezone, used, cap, granted)
                    SELECT 'channel:' || id, (now() AT TIME ZONE timezone)::date, workspace,
                        timezone, 5, 5, 5
                    FROM capped
                    """
            ),
            Obstacle(
                testDescription: "a month that is used up",
                seconds: nil,
                sql: "UPDATE relais.workspace SET monthly_message_quota = 0"
            ),
        ]

        /// As the owner: a workspace may not change its own quota.
        func block(_ tenant: Tenant) throws {
            try tenant.database.connectAsOwner().query(sql)
        }
    }

    @Test("Work that has been possible for seconds requests one more call")
    func neglect() throws {
        let tenant = try tenant(3)
        _ = try tenant.read("UPDATE relais.outbox SET due_at = now() - interval '5 seconds'")
        let ready = try #require(try look().ready)
        #expect((3...50).contains(ready))
    }

    @Test("A webhook requests one reader of its channel until it is read")
    func inbound() throws {
        let tenant = try Tenant(in: database)
        let insert = """
            INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body)
            SELECT gen_random_uuid(), $1, $2, 'waha', 'k' || place, '{}'
            FROM generate_series(1, 5) AS place
            """
        _ = try tenant.read(insert, .uuid(tenant.workspace), .uuid(tenant.channel.id))
        #expect(try look("inbound") == (1, nil))
        #expect(try described("inbound")?["ready"] == 5)
        _ = try tenant.read(
            "UPDATE relais.webhook_inbox SET lease_until = now() + interval '90 seconds'"
        )
        let held = try look("inbound")
        #expect(held.ready == 0)
        #expect((30_000...90_001).contains(held.next ?? 0))
        #expect(try described("inbound")?["leased"] == 5)
        _ = try tenant.read("UPDATE relais.webhook_inbox SET state = 'delayed'")
        #expect(try described("inbound")?["waiting"] == 5)
        _ = try tenant.read("UPDATE relais.webhook_inbox SET lease_until = now()")
        #expect(try look("inbound").ready == 5)
    }

    @Test("A message of a dead sender requests settling when its lease ends")
    func settlement() throws {
        let tenant = try tenant(1)
        #expect(try look("settle") == (0, nil))
        _ = try tenant.read(
            """
            UPDATE relais.outbox SET state = 'sending', lease_until = now() + interval '90 seconds'
            """
        )
        let held = try look("settle")
        #expect(held.ready == 0)
        #expect((30_000...90_001).contains(held.next ?? 0))
        _ = try tenant.read("UPDATE relais.outbox SET lease_until = now()")
        #expect(try look("settle").ready == 1)
        try tenant.settle()
        #expect(try look("settle").ready == 0)
        _ = try tenant.read("UPDATE relais.outbox SET state = 'parked', lease_until = 'infinity'")
        #expect(try look("settle") == (0, nil))
    }

    @Test("Only the platform can read the state of the queues")
    func isolation() throws {
        let tenant = try tenant(3)
        let looks = ["queues_to_call()", "queue_backlogs(10)", "take_turns(10, '{}', 10, 10)"]
        for function in looks {
            #expect(try tenant.read("SELECT FROM relais.\(function)").isEmpty)
        }
        let count = try tenant.read("SELECT relais.messages_to_send(10, '{}') AS count")[0]
        #expect(try count.get("count", as: Int.self) == 0)
        for function in ["channel_prospects", "channel_standings"] {
            #expect(throws: DatabaseError.self) {
                try tenant.read("SELECT FROM relais.\(function)(10)")
            }
        }
    }
}
