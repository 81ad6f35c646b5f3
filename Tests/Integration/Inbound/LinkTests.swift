import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Testing

@Suite("Tracked links", .ownThread)
struct LinkTests {
    private let world: InboundWorld
    private let function: ChildProcess
    private let message: UUID

    init() throws {
        let database = try InboundDatabase()
        world = try InboundWorld(in: database)
        function = try .stream("link-redirect", database.environment)
        let campaign = try world.addCampaign()
        message = try world.addMessage(
            "wamid.1",
            to: world.addContact("+22990000001"),
            of: campaign
        )
        for (place, url) in ["https://example.com/é?a=1", "javascript:alert(1)"].enumerated() {
            try world.owner.query(
                "INSERT INTO relais.link (workspace, campaign, position, url) VALUES ($1, $2, $3, $4)",
                .uuid(world.workspace),
                .uuid(campaign),
                .int32(Int32(place)),
                .text(url)
            )
        }
    }

    private func open(
        _ token: String,
        agent: String = "Mozilla/5.0 (iPhone) Mobile",
        method: String = "GET"
    ) throws -> JSON {
        var event = HTTPEvent()
        event.requestContext.http.method = method
        event.rawPath = "/l/\(token)"
        event.headers = ["user-agent": agent]
        return try function.call(event)
    }

    private func counts() throws -> [Int] {
        [
            try world.count("SELECT count(*) FROM relais.link_click"),
            try world.count("SELECT count(DISTINCT message) FROM relais.link_click"),
            try world.count("SELECT count(*) FROM relais.interaction WHERE kind = 'click'"),
        ]
    }

    @Test("A link leads on; every click counts, and one a message")
    func clicks() throws {
        defer { function.end() }
        let token = LinkToken(message: message, position: 0).text
        for _ in 0..<3 {
            let reply = try open(token)
            #expect(reply["statusCode"] == 302)
            #expect(reply["headers"]?["location"] == "https://example.com/%C3%A9?a=1")
            #expect(reply["headers"]?["cache-control"] == "no-store")
        }
        #expect(try counts() == [3, 1, 1])
        let row = try world.owner.query(
            "SELECT campaign IS NOT NULL AS is_attributed, message, content FROM relais.interaction"
        )[0]
        #expect(try row.get("is_attributed") == true)
        #expect(try row.get("message") == message)
        #expect(try row.get("content") == "https://example.com/é?a=1")
    }

    @Test("From the hundredth click on a link of a message nothing is written")
    func bounded() throws {
        defer { function.end() }
        let token = LinkToken(message: message, position: 0).text
        for _ in 0..<105 { #expect(try open(token)["statusCode"] == 302) }
        #expect(try counts() == [100, 1, 1])
    }

    @Test("Programs are led on and not counted")
    func programs() throws {
        defer { function.end() }
        let token = LinkToken(message: message, position: 0).text
        #expect(try open(token, agent: "WhatsApp/2.24 A")["statusCode"] == 302)
        #expect(try open(token, method: "HEAD")["statusCode"] == 302)
        #expect(try counts() == [0, 0, 0])
    }

    @Test("A link that nobody made is a page that says so")
    func unknown() throws {
        defer { function.end() }
        let tokens = [
            "nonsense", LinkToken(message: .v7(), position: 0).text,
            LinkToken(message: message, position: 7).text,
            LinkToken(message: message, position: 1).text,
        ]
        for token in tokens {
            let reply = try open(token)
            #expect(reply["statusCode"] == 404)
            #expect(reply["body"]?.string?.contains("Ce lien") == true)
            #expect(reply["body"]?.string?.contains("This link") == true)
        }
    }

    @Test("One round trip for each click")
    func roundTrips() throws {
        function.end()
        guard PostgresFixture.isOwn else { return }
        let proxy = PostgresProxy(to: try PostgresFixture.shared.get())
        defer { proxy.stop() }
        let function = try ChildProcess.stream(
            "link-redirect",
            ["DATABASE_URL": proxy.url(database: world.database.name)]
        )
        var event = HTTPEvent()
        event.rawPath = "/l/\(LinkToken(message: message, position: 0).text)"
        event.headers = ["user-agent": "Mozilla/5.0 Mobile"]
        _ = try function.call(event)
        _ = proxy.takeRoundTrips()
        for _ in 0..<5 { #expect(try function.call(event)["statusCode"] == 302) }
        #expect(proxy.takeRoundTrips() == 5)
        function.end()
    }

    @Test("A database that is away is a page that asks for patience")
    func unreachable() throws {
        function.end()
        let url = "postgresql://nobody@127.0.0.1:1/none"
        let function = try ChildProcess.stream("link-redirect", ["DATABASE_URL": url])
        defer { function.end() }
        var event = HTTPEvent()
        event.rawPath = "/l/\(LinkToken(message: message, position: 0).text)"
        #expect(try function.call(event)["statusCode"] == 503)
    }
}
