import Accounts
import Database
import FunctionContract
import HTTPClient
import Networks
import NumberChecks
import Providers
import Testing
import Work

@Suite("Which numbers are on WhatsApp", .ownThread)
struct NumberCheckTests {
    private let database: InboundDatabase

    init() throws {
        database = try InboundDatabase()
    }

    /// Numbers that end in 1 exist, in 2 do not, in 3 are a refusal, in 4 an error, in 5 a silence.
    private static let wassenger: @Sendable (ScriptedServer.Request) -> ScriptedServer.Reaction = {
        request in
        let phone = request.body.split(separator: "\"").last { $0.hasPrefix("+") } ?? ""
        switch phone.last {
        case "1":
            let body = #"{"exists":true,"phone":"\#(phone)","wid":"\#(phone.dropFirst())@c.us"}"#
            return .answer(ScriptedServer.ok(body))
        case "2": return .answer(answer(404, #"{"exists":false}"#))
        case "3": return .answer(answer(400, #"{"message":"odd number"}"#))
        case "4": return .answer(answer(500, "oops"))
        default: return .reset
        }
    }

    private static func answer(_ status: Int, _ body: String, _ headers: String = "") -> String {
        "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func check(
        _ world: InboundWorld,
        pace: RateLimit = RateLimit(1000, per: .seconds(1), burst: 100)
    ) throws -> NumberChecker.Report {
        let checker = NumberChecker(
            database.connect(),
            HTTPClient(egress: .loopback),
            try database.secrets,
            pace: pace
        )
        return try checker.run(until: .now + .seconds(200))
    }

    private func verified(_ world: InboundWorld) throws -> String? {
        try world.text(
            """
            SELECT string_agg(concat(right(phone, 1), coalesce(left(whatsapp_verified::text, 1), '?')),
                ' ' ORDER BY phone) FROM relais.contact
            """
        )
    }

    @Test("Only a clear answer is recorded; the rest is asked again later")
    func answers() throws {
        let server = ScriptedServer(script: Self.wassenger)
        defer { server.stop() }
        let world = try InboundWorld(
            .wassenger,
            in: database,
            baseURL: "http://127.0.0.1:\(server.port)"
        )
        for place in 1...5 { try world.addContact("+2299000000\(place)") }
        let report = try check(world)
        #expect(report.answered == 2)
        #expect(report.unsure == 3)
        #expect(try verified(world) == "1t 2f 3? 4? 5?")
        #expect(
            try world.text(
                "SELECT string_agg(kind || ' ' || value, ',') FROM relais.contact_identity"
            )
                == "wa_id 22990000001"
        )
        #expect(
            try world.count(
                """
                SELECT count(*) FROM relais.number_check
                WHERE failures = 1 AND next_at > now() + interval '4 minutes'
                """
            ) == 3
        )
        #expect(try check(world).answered + check(world).unsure == 0)
        #expect(server.requests.count == 5)
    }

    @Test("A provider that asks for a pause gets one, and no number is recorded")
    func pauses() throws {
        let server = ScriptedServer { _ in
            .answer(Self.answer(429, "{}", "Retry-After: 300\r\n"))
        }
        defer { server.stop() }
        let world = try InboundWorld(
            .waha,
            in: database,
            baseURL: "http://127.0.0.1:\(server.port)"
        )
        for place in 1...9 { try world.addContact("+2299000000\(place)") }
        let report = try check(world)
        #expect(report.answered == 0)
        #expect(report.problems.count == 1)
        let asked = server.requests.count
        #expect((1...5).contains(asked))
        #expect(try check(world).unsure == 0)
        #expect(server.requests.count == asked)
        #expect(
            try world.count(
                "SELECT count(*) FROM relais.contact WHERE whatsapp_verified IS NOT NULL"
            )
                == 0
        )
    }

    @Test("Numbers go out no faster than the pace")
    func pace() throws {
        let server = ScriptedServer(script: Self.wassenger)
        defer { server.stop() }
        let world = try InboundWorld(
            .wassenger,
            in: database,
            baseURL: "http://127.0.0.1:\(server.port)"
        )
        for place in 0..<8 { try world.addContact("+229900000\(place)1") }
        let start = ContinuousClock.now
        let report = try check(world, pace: RateLimit(interval: .milliseconds(200)))
        #expect(report.answered == 8)
        #expect(ContinuousClock.now - start >= .milliseconds(1400))
    }

    @Test("Channels that cannot ask, blocked contacts and known numbers are left alone")
    func leftAlone() throws {
        let server = ScriptedServer(script: Self.wassenger)
        defer { server.stop() }
        let meta = try InboundWorld(.meta, in: database)
        try meta.addContact("+22990000001")
        let world = try InboundWorld(
            .wassenger,
            in: database,
            baseURL: "http://127.0.0.1:\(server.port)"
        )
        for place in 1...3 { try world.addContact("+2299000001\(place)") }
        try world.owner.query(
            """
            UPDATE relais.contact SET status = 'blocked' WHERE phone = '+22990000011';
            """
        )
        try world.owner.query(
            """
            UPDATE relais.contact SET whatsapp_verified = false WHERE phone = '+22990000012'
            """
        )
        try world.owner.query("DELETE FROM relais.contact WHERE phone = '+22990000013'")
        #expect(try check(world).answered == 0)
        #expect(server.requests.isEmpty)
    }

    @Test("Every minute finds whom to ask for, without a word from anybody")
    func function() throws {
        let server = ScriptedServer(script: Self.wassenger)
        defer { server.stop() }
        let world = try InboundWorld(
            .wassenger,
            in: database,
            baseURL: "http://127.0.0.1:\(server.port)"
        )
        let function = try ChildProcess.stream("verify-numbers", database.environment)
        defer { function.end() }
        try world.addContact("+22990000001")
        for processed in [1, 0] {
            let reply = try function.fire("verify-numbers")
            #expect(reply["processed"] == .integer(processed))
            #expect(reply["remaining"] == 0)
        }
        #expect(try verified(world) == "1t")
        #expect(try function.wake()["processed"] == 0)
    }
}
