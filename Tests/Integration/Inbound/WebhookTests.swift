import Accounts
import Database
import FunctionContract
import Glibc
import Providers
import Testing

@Suite("Webhooks are proved and kept", .ownThread)
struct WebhookTests {
    private let database: InboundDatabase
    private let function: ChildProcess

    init() throws {
        database = try InboundDatabase()
        function = try .stream("inbound-webhook", database.environment)
    }

    private func kept(_ world: InboundWorld) throws -> Int {
        try world.count(
            "SELECT count(*) FROM relais.webhook_inbox WHERE channel = $1",
            .uuid(world.channel.id)
        )
    }

    @Test("A genuine webhook of every provider is kept once, however often it is delivered")
    func everyProvider() throws {
        defer { function.end() }
        for provider in Provider.allCases {
            let world = try InboundWorld(provider, in: database)
            let body = #"{"event":"something.new","é":"\u00e9","n":[1,2.50]}"#
            let webhook = SignedWebhook(body, from: provider)
            for _ in 0..<3 {
                let reply = try function.deliver(webhook, to: world.channel)
                #expect(reply["statusCode"] == 200, "\(provider): \(reply.text)")
                #expect(reply["body"]?.string == provider.webhookReply.body)
                let type = reply["headers"]?["content-type"]?.string
                #expect(type == provider.webhookReply.contentType)
                #expect(reply["wake"] == ["inbound"])
            }
            #expect(try kept(world) == 1)
            let row = try world.owner.query(
                "SELECT workspace, provider, body, state FROM relais.webhook_inbox WHERE channel = $1",
                .uuid(world.channel.id)
            )[0]
            #expect(try row.get("workspace") == world.workspace)
            #expect(try row.get("provider") == provider.rawValue)
            #expect(try row.get("body") == Array(body.utf8))
            #expect(try row.get("state") == "received")
        }
    }

    @Test("A webhook that proves nothing is refused", arguments: Provider.allCases)
    func forged(_ provider: Provider) throws {
        defer { function.end() }
        let world = try InboundWorld(provider, in: database)
        var webhook = SignedWebhook(Array(#"{"a":1}"#.utf8), from: provider, secret: "wrong")
        webhook.query = webhook.query.mapValues { _ in "wrong" }
        #expect(try function.deliver(webhook, to: world.channel)["statusCode"] == 401)
        webhook.headers = ["content-type": "application/json"]
        webhook.query = [:]
        #expect(try function.deliver(webhook, to: world.channel)["statusCode"] == 401)
        #expect(try kept(world) == 0)
    }

    @Test("An address that no channel has is not found")
    func unknownAddress() throws {
        defer { function.end() }
        let world = try InboundWorld(in: database)
        let webhook = SignedWebhook("{}")
        #expect(try function.call(webhook.event(to: .meta, .v7()))["statusCode"] == 404)
        #expect(try function.call(webhook.event(to: .waha, world.channel.id))["statusCode"] == 404)
        var event = webhook.event(to: .meta, world.channel.id)
        event.pathParameters["provider"] = "telegram"
        #expect(try function.call(event)["statusCode"] == 404)
        event.pathParameters = [:]
        event.rawPath = "/webhooks/meta"
        #expect(try function.call(event)["statusCode"] == 404)
    }

    @Test(
        "A signed body that is no JSON is refused",
        arguments: ["", "{", "hello", "{}{}", "[1,]", "\u{FEFF}{}", #"{"a":"\x"}"#]
    )
    func garbage(_ body: String) throws {
        defer { function.end() }
        let world = try InboundWorld(in: database)
        let reply = try function.deliver(SignedWebhook(body), to: world.channel)
        #expect(reply["statusCode"] == 400)
        #expect(try kept(world) == 0)
    }

    @Test("Bytes that are no text are refused, and the function goes on")
    func binary() throws {
        defer { function.end() }
        let world = try InboundWorld(in: database)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }
            let reply = try function.deliver(SignedWebhook(bytes, from: .meta), to: world.channel)
            #expect(reply["statusCode"] == 400, "\(bytes)")
        }
        #expect(try function.deliver(SignedWebhook("{}"), to: world.channel)["statusCode"] == 200)
    }

    @Test("Meta learns that the address is ours from the token, and nobody else")
    func handshake() throws {
        defer { function.end() }
        let world = try InboundWorld(in: database)
        var event = SignedWebhook("").event(to: .meta, world.channel.id)
        event.body = nil
        event.requestContext.http.method = "GET"
        event.queryStringParameters = [
            "hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "a-<b>&1",
        ]
        let reply = try function.call(event)
        #expect(reply["statusCode"] == 200)
        #expect(reply["body"] == "a-<b>&1")
        #expect(reply["headers"]?["content-type"]?.string?.hasPrefix("text/plain") == true)
        event.queryStringParameters["hub.verify_token"] = "verify-mf"
        #expect(try function.call(event)["statusCode"] == 403)
        event.queryStringParameters["hub.verify_token"] = "verify-me"
        event.queryStringParameters["hub.mode"] = "unsubscribe"
        #expect(try function.call(event)["statusCode"] == 403)
        let other = try InboundWorld(.waha, in: database)
        event.pathParameters = [
            "provider": "waha", "channel": other.channel.id.description,
        ]
        #expect(try function.call(event)["statusCode"] == 404)
    }

    @Test("While one secret replaces another both are good, and a new one is good at once")
    func rotation() throws {
        defer { function.end() }
        let world = try InboundWorld(in: database)
        func deliver(_ secret: String) throws -> JSON? {
            let body = Array(#"{"n":"\#(UUID.v7())"}"#.utf8)
            let webhook = SignedWebhook(body, from: .meta, secret: secret)
            return try function.deliver(webhook, to: world.channel)["statusCode"]
        }
        #expect(try deliver("signing-secret") == 200)
        let channels = Channels(
            database.connect(),
            try database.secrets,
            as: .service(world.workspace)
        )
        var both = InboundWorld.credentials
        both.secrets.signing = ["new-secret", "signing-secret"]
        try channels.replaceWebhook(of: world.channel.id, with: both)
        // What is known may be a second old before a doubt makes the function look.
        let start = ContinuousClock.now
        while try deliver("new-secret") != 200 {
            try #require(ContinuousClock.now - start < .seconds(120))
            usleep(50_000)
        }
        #expect(try deliver("signing-secret") == 200)
        #expect(try deliver("third-secret") == 401)
    }

    @Test("One round trip for each webhook once the channel is known")
    func roundTrips() throws {
        guard PostgresFixture.isOwn else { return }
        let world = try InboundWorld(in: database)
        let proxy = PostgresProxy(to: try PostgresFixture.shared.get())
        defer { proxy.stop() }
        var environment = database.environment
        environment["DATABASE_URL"] = proxy.url(database: database.name)
        let function = try ChildProcess.stream("inbound-webhook", environment)
        defer { function.end() }
        for number in 0..<2 {
            try function.deliver(SignedWebhook(#"{"n":\#(number)}"#), to: world.channel)
        }
        _ = proxy.takeRoundTrips()
        for number in 2..<12 {
            let webhook = SignedWebhook(#"{"n":\#(number)}"#)
            #expect(try function.deliver(webhook, to: world.channel)["statusCode"] == 200)
        }
        #expect(proxy.takeRoundTrips() == 10)
        function.end()
    }

    @Test("A database that is away is a 503, so that the provider delivers again")
    func unreachable() throws {
        function.end()
        var environment = database.environment
        environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
        let function = try ChildProcess.stream("inbound-webhook", environment)
        defer { function.end() }
        let reply = try function.call(SignedWebhook("{}").event(to: .meta, .v7()))
        #expect(reply["statusCode"] == 503)
        #expect(reply["headers"]?["retry-after"] == "5")
    }
}

@Suite("Webhooks during a crash of the server", .ownThread)
struct WebhookRestartTests {
    @Test(
        "What was acknowledged is there after the server crashed",
        .enabled(if: PrivateServer.Version.embedded.isInstalled)
    )
    func restart() throws {
        let server = try PrivateServer(.embedded)
        let database = try InboundDatabase(
            url: server.url(database: "postgres"),
            name: "postgres"
        )
        let world = try InboundWorld(in: database)
        let function = try ChildProcess.stream("inbound-webhook", database.environment)
        defer { function.end() }
        let restarter = BackgroundThread {
            for _ in 0..<2 {
                usleep(150_000)
                do { try server.restart() } catch { Issue.record(error) }
            }
        }
        var acknowledged: Set<String> = []
        var refused = 0
        /// Whether the next one is acknowledged.
        func deliver(_ number: Int) throws -> Bool {
            let body = #"{"n":\#(number)}"#
            let reply = try function.deliver(SignedWebhook(body), to: world.channel)
            let status = reply["statusCode"]
            if status == 200 { acknowledged.insert(body) }
            if status == 503 { refused += 1 }
            #expect(status == 200 || status == 503)
            return status == 200
        }
        for number in 0..<400 { _ = try deliver(number) }
        restarter.join()
        // Both restarts may have gone by between two webhooks.
        if refused == 0 {
            try server.stop()
            #expect(try !deliver(400))
            try server.start()
        }
        var number = 500
        let start = ContinuousClock.now
        while try !deliver(number) {
            try #require(ContinuousClock.now - start < .seconds(120))
            number += 1
        }
        let owner = try database.connectAsOwner()
        let rows = try owner.query(
            "SELECT convert_from(body, 'UTF8') AS body FROM relais.webhook_inbox"
        )
        let present = Set(try rows.map { try $0.get("body", as: String.self) })
        #expect(acknowledged.isSubset(of: present))
        #expect(refused > 0)
    }
}
