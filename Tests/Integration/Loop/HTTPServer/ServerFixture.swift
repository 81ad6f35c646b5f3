import EventLoop
import HTTPServer
import Testing

/// A server and its clients on one loop, so that a test reads from top to bottom.
final class ServerFixture {
    let loop: EventLoop
    let server: HTTPServer
    let port: UInt16
    private var clients: [TestClient] = []

    init(
        _ limits: HTTPServerLimits = HTTPServerLimits(),
        _ handler: @escaping (HTTPExchange) -> Void = ServerFixture.echo
    ) throws {
        loop = try EventLoop()
        server = HTTPServer(on: loop, limits: limits, handler: handler)
        port = try server.listen(host: "127.0.0.1", port: 0)
    }

    /// Answers with the method and target as a header and with the body that came.
    static func echo(_ exchange: HTTPExchange) {
        let request = exchange.request
        exchange.reply(
            HTTPResponse(
                status: 200,
                headers: ["x-request": "\(request.method) \(request.target)"],
                body: request.body
            )
        )
    }

    func connect() throws -> TestClient {
        let client = try TestClient(on: loop, port: port)
        clients.append(client)
        return client
    }

    /// Closes everything; what the server did not let go of fails the test.
    func close(sourceLocation: SourceLocation = #_sourceLocation) throws {
        for client in clients { client.close() }
        var isDrained = false
        server.drain(graceMilliseconds: 1_000) { isDrained = true }
        try loop.wait(sourceLocation: sourceLocation) { isDrained }
        #expect(server.counters.open == 0, sourceLocation: sourceLocation)
        try loop.finish(sourceLocation: sourceLocation)
    }
}
