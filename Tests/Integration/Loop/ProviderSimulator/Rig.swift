import EventLoop
import FunctionContract
import HTTPServer
import Testing

@testable import ProviderSimulator

/// A simulator, a platform that takes its webhooks, and clients, on one loop.
final class Rig {
    let loop: EventLoop
    let simulator: Simulator
    let platform: Platform
    let port: UInt16
    private var clients: [TestClient] = []

    init(
        _ scenario: String = "{}",
        seed: UInt64 = 1,
        webhooks: WebhookAddress? = nil
    ) throws {
        loop = try EventLoop()
        platform = try Platform(on: loop)
        let description = try JSONParser.parse(Array(scenario.utf8))
        simulator = try Simulator(
            on: loop,
            Behaviour(seed: seed, scenario: Scenario(description)),
            description: description,
            ledger: Ledger(),
            webhooks: webhooks ?? WebhookAddress("http://127.0.0.1:\(platform.port)"),
            run: 77,
            clock: { Timestamp(milliseconds: 1_795_000_000_000) }
        )
        port = try simulator.listen(host: "127.0.0.1", port: 0)
    }

    func connect() throws -> TestClient {
        let client = try TestClient(on: loop, port: port)
        clients.append(client)
        return client
    }

    /// The entries of the ledger.
    func entries() throws -> [JSON] {
        try JSONParser.parse(simulator.ledger.page(since: 0, limit: 10_000))["entries"]?.array ?? []
    }

    /// Asks the simulator about itself.
    func control(
        _ method: String,
        _ path: String,
        _ body: String = ""
    ) throws -> (status: Int, json: JSON) {
        let client = try connect()
        client.send(request(method, "/_simulator/\(path)", body))
        let answer = try client.answer()
        return (answer.status, try JSONParser.parse(answer.body))
    }

    /// Closes everything; what was not let go of fails the test.
    func close(sourceLocation: SourceLocation = #_sourceLocation) throws {
        for client in clients { client.close() }
        var isDone = (simulator: false, platform: false)
        simulator.drain(graceMilliseconds: 500) { isDone.simulator = true }
        try loop.wait(sourceLocation: sourceLocation) { isDone.simulator }
        platform.server?.drain(graceMilliseconds: 500) { isDone.platform = true }
        try loop.wait(sourceLocation: sourceLocation) { isDone.platform }
        try loop.finish(sourceLocation: sourceLocation)
    }
}

/// A request with every header that some provider wants for a token.
func request(_ method: String, _ target: String, _ body: String = "") -> String {
    """
    \(method) \(target) HTTP/1.1\r
    host: simulator\r
    authorization: Bearer t\r
    token: t\r
    x-api-key: t\r
    apikey: t\r
    content-length: \(body.utf8.count)\r
    \r
    \(body)
    """
}

/// A request to Meta for one message.
func metaSend(to recipient: String, reference: String = "c:m1") -> String {
    request(
        "POST",
        "/v26.0/106/messages",
        #"""
        {"messaging_product":"whatsapp","to":"\#(recipient)","type":"text",
         "text":{"body":"Bonjour"},"biz_opaque_callback_data":"\#(reference)"}
        """#
    )
}

extension JSON {
    /// The ids in an answer of Meta.
    var wamid: String? { self["messages"]?[0]?["id"]?.string }
}
