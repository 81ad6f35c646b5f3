import Accounts
import Campaigns
import Database
import FunctionContract
import HTTPClient
import Messages
import Providers
import Sending
import Testing
import Work

/// What one workspace's channels do delays that workspace.
@Suite(.ownThread)
struct SenderFairnessTests {
    private let database: MessagingDatabase

    init() throws {
        database = try MessagingDatabase()
    }

    /// Limits with which a silent provider stays silent until its process ends.
    private var patient: SendLimits {
        var limits = SendLimits()
        limits.answer = .seconds(900)
        limits.lease = .seconds(1000)
        limits.lateness = .seconds(60)
        return limits
    }

    @Test(
        "while the provider of many channels hangs another workspace sends everything",
        arguments: [(10, 200), (150, 4)]
    )
    func hangs(channels: Int, messages: Int) throws {
        var silent: SimulatedProvider? = try SimulatedProvider(["lost": ["silence": 1]])
        let slow = try Tenant(in: database)
        try slow.addContacts(messages)
        let url = try #require(silent).baseURL
        try slow.write(on: try slow.addChannels(channels, at: url))
        let provider = try SimulatedProvider()
        let quick = try Tenant(in: database, baseURL: provider.baseURL)
        try quick.addContacts(100)
        let sender = RunningSender(on: database, for: .seconds(1200), patient)
        try database.waitUntil("requests that hang") {
            try silent?.received ?? 0 >= max(channels, 100)
        }
        try quick.write(on: [quick.channel.id])
        try database.waitUntil("messages of the other workspace") {
            try quick.statuses() == [.accepted: 100]
        }
        // Not one of the others has ended.
        let statuses = try slow.statuses()
        #expect(statuses == [.queued: channels * messages])
        try slow.pauseChannels()
        silent = nil
        #expect(try sender.summary().accepted == 100)
    }

    @Test("more channels than there are places send in turn")
    func turns() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database)
        try tenant.addContacts(1500)
        let pacing = Accounts.Pacing(RateLimit(50, per: .seconds(1), burst: 1))
        let channels = try tenant.addChannels(6, at: provider.baseURL, pacing: pacing)
        try tenant.write(on: channels)
        var limits = SendLimits()
        limits.channels = 2
        let sender = RunningSender(on: database, for: .seconds(200), limits)
        // Each has work for half a minute, so that none of them ended before all had begun.
        try database.waitUntil("a message of each channel") {
            try tenant.count(
                "SELECT channel FROM relais.message WHERE status = 'accepted' GROUP BY channel"
            ) == 6
        }
        #expect(
            try tenant.count(
                """
                SELECT channel FROM relais.message
                WHERE status = 'queued' GROUP BY channel HAVING count(*) > 1
                """
            ) == 6
        )
        try tenant.pauseChannels()
        _ = try sender.summary()
    }

    @Test("messages that were late on their channel's first turn go on its next")
    func lateAtFirst() throws {
        let provider = try SimulatedProvider()
        let tenant = try Tenant(in: database)
        try tenant.addContacts(1)
        try tenant.write(on: try tenant.addChannels(6, at: provider.baseURL))
        var limits = SendLimits()
        limits.channels = 2
        // The first are always late, the next never.
        limits.lateness = .zero
        limits.horizon = .seconds(20)
        let sender = RunningSender(on: database, for: .seconds(300), limits)
        #expect(try sender.summary().accepted == 6)
        #expect(try tenant.statuses() == [.accepted: 6])
    }

    /// The one channel that a sender with one place gets.
    private func next() throws -> UUID? {
        let connection = database.connect()
        return try connection.pipeline([
            PlatformScope.statement,
            Statement("SELECT channel FROM relais.take_turns(10, '{}', 1, 0)"),
        ])[1].first?.get("channel")
    }

    private func served(_ channel: UUID, ago: String, _ tenant: Tenant) throws {
        _ = try tenant.read(
            """
            UPDATE relais.channel_state SET served_at = now() - $2::text::interval
            WHERE channel = $1
            """,
            .uuid(channel),
            .text(ago)
        )
    }

    @Test("who waited longest is next, and an answer counts as a minute more")
    func order() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(2)
        let channels = try tenant.addChannels(5, at: "http://127.0.0.1:9")
        let (urgent, others) = (channels[0], Array(channels[1...]))
        try tenant.write(on: [urgent], priority: 1)
        try tenant.write(on: others)
        try served(urgent, ago: "5 seconds", tenant)
        for (channel, ago) in zip(others, ["10 seconds", "70 seconds", "80 seconds"]) {
            try served(channel, ago: ago, tenant)
        }
        // One was never served. Each that gets its turn waits from then on, and an answer is a
        // minute ahead again at once.
        var order: [UUID?] = []
        for _ in channels { order.append(try next()) }
        #expect(order == [others[3], others[2], others[1], urgent, urgent])
    }

    @Test("a channel is served as long as it is held, and is last when it leaves")
    func held() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(1)
        let channels = try tenant.addChannels(3, at: "http://127.0.0.1:9")
        try tenant.write(on: channels)
        for channel in channels { try served(channel, ago: "1 hour", tenant) }
        let look = Statement(
            "SELECT channel FROM relais.take_turns(10, $1, 1, 0, $2)",
            .uuids([channels[0]]),
            .uuids([channels[1]])
        )
        let found = try database.connect().platform(look)[0]
        // It told of the held channel, and gave the place to the only one that does not rest.
        #expect(
            try Set(found.map { try $0.get("channel", as: UUID.self) })
                == [channels[0], channels[2]]
        )
        let waiting = try tenant.read(
            """
            SELECT channel FROM relais.channel_state
            WHERE channel = ANY ($1) AND served_at < now() - interval '30 minutes'
            """,
            .uuids(channels)
        )
        #expect(try waiting.map { try $0.get("channel", as: UUID.self) } == [channels[1]])
        #expect(try next() == channels[1])
    }

    @Test("a channel that somebody takes from is not waited for")
    func locked() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(1)
        let channels = try tenant.addChannels(2, at: "http://127.0.0.1:9")
        try tenant.write(on: channels)
        let found = try tenant.transaction {
            (transaction) throws(DatabaseError) -> Result<Set<UUID>, any Error> in
            try transaction.query("SELECT FROM relais.channel_state FOR UPDATE")
            return Result { Set(try [next(), next()].compactMap(\.self)) }
        }
        #expect(try found.get().isSubset(of: channels))
    }

    @Test("a channel that opens later takes no place from one that sends")
    func later() throws {
        let tenant = try Tenant(in: database)
        try tenant.addContacts(1)
        let channels = try tenant.addChannels(3, at: "http://127.0.0.1:9")
        try tenant.write(on: channels)
        _ = try tenant.read(
            "UPDATE relais.channel_state SET held_until = now() + interval '30 seconds'"
                + " WHERE channel <> $1",
            .uuid(channels[0])
        )
        let take = { (free: Int, more: Int) in
            try database.connect().pipeline([
                PlatformScope.statement,
                Statement(
                    "SELECT channel FROM relais.take_turns(10, '{}', $1, $2)",
                    .int32(Int32(free)),
                    .int32(Int32(more))
                ),
            ])[1].count
        }
        #expect(try take(0, 3) == 1)
        #expect(try take(2, 3) == 2)
        #expect(try take(5, 0) == 3)
    }
}
