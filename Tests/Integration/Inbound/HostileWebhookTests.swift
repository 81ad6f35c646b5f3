import Accounts
import Database
import FunctionContract
import Providers
import Security
import Testing

/// Webhooks from strangers and from broken senders, for every provider: each gets a clear answer
/// at once, and those that are refused change nothing.
@Suite("Hostile webhooks", .ownThread)
struct HostileWebhookTests {
    private let database: InboundDatabase
    private let function: ChildProcess

    init() throws {
        database = try InboundDatabase()
        function = try .stream("inbound-webhook", database.environment)
    }

    /// How a webhook was answered, and how many the channel has afterwards.
    private struct Answer: Equatable {
        let status: Int?
        let kept: Int

        init(_ status: Int?, kept: Int) {
            self.status = status
            self.kept = kept
        }
    }

    private func answer(_ webhook: SignedWebhook, to world: InboundWorld) throws -> Answer {
        let reply = try function.deliver(webhook, to: world.channel)
        let sql = "SELECT count(*) FROM relais.webhook_inbox WHERE channel = $1"
        let kept = try world.count(sql, .uuid(world.channel.id))
        return Answer(reply["statusCode"]?.integer, kept: kept)
    }

    private func expectRefusal(
        _ webhook: SignedWebhook,
        by world: InboundWorld,
        with status: Int = 401,
        _ clue: String
    ) throws {
        let answer = try answer(webhook, to: world)
        #expect(answer == Answer(status, kept: 0), "\(world.channel.provider) \(clue)")
    }

    @Test("A proof that is missing, wrong, doubled or cut is none", arguments: Provider.allCases)
    func proofs(_ provider: Provider) throws {
        defer { function.end() }
        let world = try InboundWorld(provider, in: database)
        let good = SignedWebhook(#"{"a":1}"#, from: provider)
        for name in good.proofHeaders {
            let value = good.headers[name] ?? ""
            let others = [
                nil, "", "x", value + "," + value, value + ", " + value, value + "0",
                String(value.dropLast()), "\u{0}", String(repeating: value, count: 1000),
            ]
            for other in others {
                var webhook = good
                webhook.headers[name] = other
                try expectRefusal(webhook, by: world, "\(name) \(other?.prefix(80) ?? "missing")")
            }
        }
        let secrets = [nil, "", "address-secret,address-secret", "ADDRESS-SECRET"]
        for secret in good.query.isEmpty ? [] : secrets {
            var webhook = good
            webhook.query["secret"] = secret
            try expectRefusal(webhook, by: world, "secret \(secret ?? "missing")")
        }
        #expect(try answer(good, to: world) == Answer(200, kept: 1))
    }

    @Test("What another channel's secrets prove proves nothing here", arguments: Provider.allCases)
    func otherChannel(_ provider: Provider) throws {
        defer { function.end() }
        let world = try InboundWorld(provider, in: database)
        try replaceSecrets(of: world, signing: ["own-secret"], address: ["own-address"])
        _ = try InboundWorld(provider, in: database)
        let theirs = SignedWebhook(#"{"a":1}"#, from: provider)
        try expectRefusal(theirs, by: world, "of another channel")
    }

    @Test("While secrets are replaced both are good, then the new", arguments: Provider.allCases)
    func rotation(_ provider: Provider) throws {
        defer { function.end() }
        let world = try InboundWorld(provider, in: database)
        let new = { (body: String) in
            SignedWebhook(Array(body.utf8), from: provider, secret: "new", address: "new-address")
        }
        try replaceSecrets(
            of: world,
            signing: ["new", "signing-secret"],
            address: ["new-address", "address-secret"]
        )
        #expect(
            try answer(SignedWebhook(#"{"n":1}"#, from: provider), to: world)
                == Answer(200, kept: 1)
        )
        #expect(try answer(new(#"{"n":2}"#), to: world) == Answer(200, kept: 2))
        let later = try InboundWorld(provider, in: database)
        try replaceSecrets(of: later, signing: ["new"], address: ["new-address"])
        try expectRefusal(SignedWebhook(#"{"n":3}"#, from: provider), by: later, "the old secret")
        #expect(try answer(new(#"{"n":4}"#), to: later) == Answer(200, kept: 1))
    }

    @Test("A token that has expired, or is not for webhooks, is none")
    func oldTokens() throws {
        defer { function.end() }
        let world = try InboundWorld(.evolution, in: database)
        let now = Int(Timestamp.now.microseconds / 1_000_000)
        for claims in [
            #"{"exp":\#(now - 90_000),"app":"evolution","action":"webhook"}"#,
            #"{"exp":\#(now + 600),"nbf":\#(now + 300),"app":"evolution","action":"webhook"}"#,
            #"{"exp":\#(now + 600),"app":"evolution","action":"login"}"#,
            #"{"app":"evolution","action":"webhook"}"#, #"{"exp":1e400}"#, "[]", "{",
            #"{"exp":"\#(now + 600)","app":"evolution","action":"webhook"}"#,
        ] {
            var webhook = SignedWebhook(#"{"a":1}"#, from: .evolution)
            webhook.headers["authorization"] = SignedWebhook.authorization(
                Array(claims.utf8),
                key: Array("signing-secret".utf8)
            )
            try expectRefusal(webhook, by: world, claims)
        }
    }

    @Test("A form that is no text is refused, and any other is kept")
    func forms() throws {
        defer { function.end() }
        let world = try InboundWorld(.twilio, in: database)
        for body: [UInt8] in [[0xC3, 0x28], [0xFF, 0xFE, 0x7B]] {
            let webhook = SignedWebhook(body, from: .twilio)
            try expectRefusal(webhook, by: world, with: 400, "\(body)")
        }
        for (place, text) in ["", "a", "%zz&&=", "a=\u{0}"].enumerated() {
            let webhook = SignedWebhook(text, from: .twilio)
            #expect(try answer(webhook, to: world) == Answer(200, kept: place + 1))
        }
    }

    private static let jsonProviders = Provider.allCases.filter { $0 != .twilio }

    @Test("A body that is no JSON is refused, whoever signed it", arguments: jsonProviders)
    func garbage(_ provider: Provider) throws {
        defer { function.end() }
        let world = try InboundWorld(provider, in: database)
        let deep = String(repeating: #"{"a":["#, count: 100_000)
        let bodies: [[UInt8]] = [
            [], Array("hello".utf8), Array(#"{"a":1"#.utf8), Array(deep.utf8),
            Array(#"{"a":"\u12"}"#.utf8), Array("{}\u{0}".utf8), Array(#"{"a":1e400}"#.utf8),
            [0x22, 0xC3, 0x28, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0xFF, 0xFE, 0x7B, 0, 0x7D, 0],
            [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0],
        ]
        for body in bodies {
            let webhook = SignedWebhook(body, from: provider)
            try expectRefusal(webhook, by: world, with: 400, "\(body.prefix(8))")
        }
        let large = #"{"a":""# + String(repeating: "é", count: 1_500_000) + #""}"#
        let nested = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(try answer(SignedWebhook(large, from: provider), to: world) == Answer(200, kept: 1))
        #expect(
            try answer(SignedWebhook(nested, from: provider), to: world) == Answer(200, kept: 2)
        )
        #expect(
            try answer(SignedWebhook("null", from: provider), to: world) == Answer(200, kept: 3)
        )
    }

    @Test("An address that is none is not found, whatever stands in it")
    func addresses() throws {
        defer { function.end() }
        let world = try InboundWorld(in: database)
        let id = world.channel.id.description
        for (provider, channel) in [
            ("telegram", id), ("META", id), ("meta\u{0}", id), ("", id), ("meta", ""),
            ("meta", "' OR 1=1"), ("meta", id + "0"), ("meta", String(id.dropLast())),
            ("meta", "00000000-0000-0000-0000-000000000000"), ("meta", "../meta/" + id),
            ("waha", id), ("meta", String(repeating: "9", count: 10_000)),
        ] {
            var event = SignedWebhook("{}").event(to: .meta, world.channel.id)
            event.pathParameters = ["provider": provider, "channel": channel]
            #expect(try function.call(event)["statusCode"] == 404, "\(provider) \(channel)")
        }
        #expect(try world.count("SELECT count(*) FROM relais.webhook_inbox") == 0)
    }

    private func replaceSecrets(
        of world: InboundWorld,
        signing: [String],
        address: [String]
    ) throws {
        var credentials = InboundWorld.credentials
        credentials.secrets = WebhookSecrets(signing: signing, address: address)
        let identity = Identity.service(world.workspace)
        try Channels(database.connect(), database.secrets, as: identity)
            .replaceWebhook(of: world.channel.id, with: credentials)
    }
}

extension SignedWebhook {
    /// Those without which it proves nothing. None for Wassenger, whose address is the proof.
    fileprivate var proofHeaders: [String] {
        headers.fields.map(\.name)
            .filter { !["content-type", "x-webhook-hmac-algorithm"].contains($0) }
    }
}
