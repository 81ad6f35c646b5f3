import Accounts
import Database
import FunctionContract
import Providers
import Testing

@Suite("Webhooks that come together", .ownThread)
struct WebhookBatchTests {
    private let database: InboundDatabase
    private let function: ChildProcess

    init() throws {
        database = try InboundDatabase()
        function = try .stream("inbound-webhook", database.environment)
    }

    private func genuine(_ number: Int, to world: InboundWorld) -> HTTPEvent {
        SignedWebhook(#"{"n":\#(number)}"#).event(to: .meta, world.channel.id)
    }

    private func line(_ event: HTTPEvent) -> String {
        String(decoding: Event.http(event).bytes, as: UTF8.self)
    }

    /// Hands all of them over in one write, and takes the replies.
    private func deliver(_ lines: [String], to function: ChildProcess) throws -> [JSON] {
        function.feed(lines.map { $0 + "\n" }.joined())
        return try lines.map { _ in try JSONParser.parse(try #require(try function.line())) }
    }

    private func deliver(_ events: [HTTPEvent]) throws -> [JSON?] {
        try deliver(events.map(line), to: function).map { $0["statusCode"] }
    }

    @Test("Each is answered for itself, in order, and the good ones are kept in one transaction")
    func mixed() throws {
        defer { function.end() }
        let (world, other) = (try InboundWorld(in: database), try InboundWorld(in: database))
        let forged = SignedWebhook(Array("{}".utf8), from: .meta, secret: "wrong")
        var question = genuine(0, to: world)
        question.requestContext.http.method = "GET"
        question.queryStringParameters = [
            "hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "42",
        ]
        let lines: [String] = [
            line(genuine(1, to: world)),
            line(forged.event(to: .meta, world.channel.id)),
            "no event",
            line(question),
            line(SignedWebhook("{").event(to: .meta, world.channel.id)),
            line(genuine(2, to: other)),
            line(SignedWebhook("{}").event(to: .meta, .v7())),
            line(genuine(1, to: world)),
            line(genuine(3, to: world)),
        ]
        let replies = try deliver(lines, to: function)
        let statuses = replies.map { $0["statusCode"]?.integer }
        #expect(statuses == [200, 401, nil, 200, 400, 200, 404, 200, 200])
        #expect(replies[2]["errorType"] == "MalformedEvent")
        #expect(replies[3]["body"] == "42")
        #expect(try world.count("SELECT count(*) FROM relais.webhook_inbox") == 3)
        #expect(try world.count("SELECT count(DISTINCT xmin::text) FROM relais.webhook_inbox") == 1)
        #expect(
            try other.count(
                "SELECT count(*) FROM relais.webhook_inbox WHERE workspace = $1 AND channel = $2",
                .uuid(other.workspace),
                .uuid(other.channel.id)
            ) == 1
        )
    }

    @Test("They are read in the order in which they came")
    func order() throws {
        defer { function.end() }
        let world = try InboundWorld(in: database)
        let statuses = try deliver((0..<40).map { genuine($0, to: world) })
        #expect(statuses.allSatisfy { $0 == 200 })
        let bodies = try world.owner.query(
            "SELECT body FROM relais.webhook_inbox ORDER BY channel, received_at, id"
        ).map { try $0.get("body", as: [UInt8].self) }
        #expect(bodies == (0..<40).map { Array(#"{"n":\#($0)}"#.utf8) })
    }

    @Test("One whose channel was removed a moment ago spoils no other")
    func removedChannel() throws {
        defer { function.end() }
        let (world, gone) = (try InboundWorld(in: database), try InboundWorld(in: database))
        #expect(try deliver([genuine(1, to: gone)]) == [200])
        try world.owner.query(
            "DELETE FROM relais.channel WHERE id = $1",
            .uuid(gone.channel.id)
        )
        let statuses = try deliver([
            genuine(1, to: world), genuine(2, to: gone), genuine(2, to: world),
        ])
        #expect(statuses == [200, 503, 200])
        #expect(try world.count("SELECT count(*) FROM relais.webhook_inbox") == 2)
    }

    @Test("A channel whose secrets cannot be opened is refused, and no other")
    func lockedChannel() throws {
        defer { function.end() }
        let (world, locked) = (try InboundWorld(in: database), try InboundWorld(in: database))
        try world.owner.query(
            "UPDATE relais.channel SET webhook = '' WHERE id = $1",
            .uuid(locked.channel.id)
        )
        let statuses = try deliver([
            genuine(1, to: world), genuine(1, to: locked), genuine(2, to: world),
        ])
        #expect(statuses == [200, 503, 200])
    }

    @Test("The same ones in opposite orders, at two instances, hold up neither")
    func oppositeOrders() throws {
        defer { function.end() }
        let world = try InboundWorld(in: database)
        let second = try ChildProcess.stream("inbound-webhook", database.environment)
        defer { second.end() }
        for round in 0..<20 {
            let lines = (0..<20).map { number in
                line(genuine(100 * round + number, to: world)) + "\n"
            }
            function.feed(lines.joined())
            second.feed(lines.reversed().joined())
            for _ in lines {
                for process in [function, second] {
                    let reply = try JSONParser.parse(try #require(try process.line()))
                    #expect(reply["statusCode"] == 200)
                }
            }
        }
        #expect(try world.count("SELECT count(*) FROM relais.webhook_inbox") == 400)
    }
}
