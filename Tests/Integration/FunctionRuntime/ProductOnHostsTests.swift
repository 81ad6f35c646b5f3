import Accounts
import Database
import FunctionContract
import Messages
import Providers
import Testing

/// A host hands over a method, a path and a body. No function of the product needs more.
@Suite("Webhooks and links work on every host", .ownThread)
struct ProductOnHostsTests {
    private let database: InboundDatabase
    private let world: InboundWorld

    init() throws {
        database = try InboundDatabase()
        world = try InboundWorld(in: database)
    }

    private func webhook(_ body: String) -> HTTPEvent {
        SignedWebhook(body).event(to: .meta, world.channel.id)
    }

    private func kept() throws -> [String] {
        try world.owner.query("SELECT body FROM relais.webhook_inbox ORDER BY received_at").map {
            String(decoding: try $0.get("body", as: [UInt8].self), as: UTF8.self)
        }
    }

    @Test("A webhook is stored and acknowledged", arguments: HostUnderTest.allCases)
    func kept(_ host: HostUnderTest) throws {
        let body = #"{"é":"\u00e9", "n":1}"#
        let answer = try host.answer("inbound-webhook", webhook(body), database.environment)
        #expect(answer.status == 200)
        #expect(answer.body == Array("{}".utf8))
        #expect(try kept() == [body])
    }

    @Test("A webhook that is not stored is never acknowledged", arguments: HostUnderTest.allCases)
    func refused(_ host: HostUnderTest) throws {
        var stranger = webhook("{}")
        stranger.rawPath = "/webhooks/meta/\(UUID.v7())"
        var lost = webhook("{}")
        lost.rawPath = "/elsewhere"
        var wrongMethod = webhook("{}")
        wrongMethod.requestContext.http.method = "PUT"
        let forged = SignedWebhook(Array("{}".utf8), from: .meta, secret: "wrong")
            .event(to: .meta, world.channel.id)
        for (event, status) in [(stranger, 404), (lost, 404), (wrongMethod, 405), (forged, 401)] {
            let answer = try host.answer("inbound-webhook", event, database.environment)
            #expect(answer.status == (host == .watchdog ? 500 : status), "\(event.rawPath)")
        }
        var away = database.environment
        away["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
        let answer = try host.answer("inbound-webhook", webhook("{}"), away)
        #expect(answer.status == (host == .watchdog ? 500 : 503))
        #expect(try kept().isEmpty)
    }

    @Test("Meta's verification request is answered", arguments: HostUnderTest.allCases)
    func question(_ host: HostUnderTest) throws {
        var event = SignedWebhook("").event(to: .meta, world.channel.id)
        event.body = nil
        event.requestContext.http.method = "GET"
        event.rawQueryString = "hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=4%202"
        event.queryStringParameters = [:]
        let answer = try host.answer("inbound-webhook", event, database.environment)
        #expect(answer.status == 200)
        #expect(answer.body == Array("4 2".utf8))
    }

    /// A link of a message, as the path that opens it.
    private func addLink() throws -> String {
        let campaign = try world.addCampaign()
        let contact = try world.addContact("+22990000001")
        let message = try world.addMessage("wamid.1", to: contact, of: campaign)
        try world.owner.query(
            "INSERT INTO relais.link (workspace, campaign, position, url) VALUES ($1, $2, 0, $3)",
            .uuid(world.workspace),
            .uuid(campaign),
            .text("https://example.com/?a=1")
        )
        return "/l/\(LinkToken(message: message, position: 0).text)"
    }

    @Test("A link redirects, and the click is counted", arguments: HostUnderTest.allCases)
    func link(_ host: HostUnderTest) throws {
        var event = HTTPEvent()
        event.rawPath = try addLink()
        event.headers = ["user-agent": "Mozilla/5.0 (iPhone) Mobile"]
        let answer = try host.answer("link-redirect", event, database.environment)
        // A fork mode of the watchdog carries no redirection: it must not look like a page.
        #expect(answer.status == (host == .watchdog ? 500 : 302))
        if host != .watchdog {
            #expect(answer.headers?["location"] == "https://example.com/?a=1")
        }
        #expect(try world.count("SELECT count(*) FROM relais.link_click") == 1)
        event.rawPath = "/elsewhere"
        let missing = try host.answer("link-redirect", event, database.environment)
        #expect(missing.status == (host == .watchdog ? 500 : 404))
    }

    @Test("Webhooks work in a container with local-runner as its entry point")
    func container() throws {
        let inbound = try runner("inbound-webhook")
        defer { inbound.end() }
        let event = webhook(#"{"n":1}"#)
        let headers = Dictionary(event.headers.fields.map { ($0.name, $0.value) }) { $1 }
        let answer = try inbound.request(
            "POST",
            event.rawPath,
            headers: headers,
            body: event.body ?? []
        )
        #expect((answer.status, answer.text) == (200, "{}"))
        #expect(try kept() == [#"{"n":1}"#])
        #expect(try inbound.request("PUT", event.rawPath).status == 405)
        #expect(try inbound.get("/elsewhere").status == 404)

        let links = try runner("link-redirect")
        defer { links.end() }
        let agent = ["user-agent": "Mozilla/5.0 (iPhone) Mobile"]
        let redirect = try links.get(try addLink(), headers: agent)
        #expect(redirect.status == 302)
        #expect(
            redirect.headers.first { $0.name == "location" }?.value == "https://example.com/?a=1"
        )
        #expect(try world.count("SELECT count(*) FROM relais.link_click") == 1)
    }

    private func runner(_ function: String) throws -> Runner {
        try Runner(
            try FunctionFolder(),
            ["--only", function, "--functions", "\(BuiltProduct.packageRoot)/functions"],
            environment: database.environment
        )
    }
}
