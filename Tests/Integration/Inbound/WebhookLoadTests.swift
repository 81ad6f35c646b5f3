import Accounts
import Database
import FunctionContract
import Providers
import Testing

@Suite("Webhooks under load", .ownThread)
struct WebhookLoadTests {
    private static let most = 500
    /// The shortest time that any provider waits for its answer.
    private static let patience = Duration.seconds(10)

    /// Five hundred, or as many as a busy machine answers one by one in most of that time: together
    /// they must not take longer.
    @Test("Five hundred webhooks at once are all answered in time, and all kept")
    func manyAtOnce() throws {
        let database = try InboundDatabase()
        let worlds = try Provider.allCases.map { try InboundWorld($0, in: database) }
        let runner = try Runner(
            try FunctionFolder(),
            [
                "--functions", BuiltProduct.packageRoot + "/functions", "--only",
                "inbound-webhook",
            ],
            environment: database.environment
        )
        defer { runner.end() }
        let alone = try (0..<30).map { try post($0..<$0 + 1, to: runner, worlds)[0] }.sorted()
        let count = min(Self.most, Int(Self.patience * 0.8 / alone[alone.count / 2]))
        let times = try post(100..<100 + count, to: runner, worlds)
        #expect(times.count == count)
        #expect(
            try worlds[0].count("SELECT count(*) FROM relais.webhook_inbox")
                == count + alone.count
        )
        let sorted = times.sorted()
        let (median, late) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
        print("\(count) webhooks at once: median \(median), p99 \(late)")
        #expect(late < Self.patience)
    }

    /// Posts them all before the first answer is read; returns how long each took.
    private func post(
        _ numbers: Range<Int>,
        to runner: Runner,
        _ worlds: [InboundWorld]
    ) throws -> [Duration] {
        let start = ContinuousClock.now
        var waiting = try numbers.map { number in
            let world = worlds[number % worlds.count]
            let client = try runner.connect()
            client.send(Self.request(number, to: world.channel))
            return client
        }
        var times: [Duration] = []
        try runner.waitUntil("all answers") {
            waiting = try waiting.filter { client in
                guard let answer = client.takeAnswer() else {
                    try #require(!client.isClosed, "closed without an answer")
                    return true
                }
                #expect(answer.status == 200, "\(answer.text)")
                times.append(ContinuousClock.now - start)
                return false
            }
            return waiting.isEmpty
        }
        return times
    }

    private static func request(_ number: Int, to channel: Channel) -> [UInt8] {
        let webhook = SignedWebhook(#"{"event":"load","n":\#(number)}"#, from: channel.provider)
        let headers = webhook.event(to: channel.provider, channel.id).headers
        let query = webhook.query.map { "?\($0.key)=\($0.value)" }.joined()
        return Runner.request(
            "POST",
            "/webhooks/\(channel.provider.rawValue)/\(channel.id)\(query)",
            headers: Dictionary(uniqueKeysWithValues: headers.fields.map { ($0, $1) }),
            body: webhook.body
        )
    }
}
