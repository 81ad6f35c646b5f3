import HTTPClient
import Networks
import Testing

/// The property that campaigns stand on: a request that may have been read is never sent again.
@Suite(.ownThread)
struct SendsOnceTests {
    /// libcurl alone repeats the second request here, on a new connection, and reports success.
    @Test(
        arguments: [ScriptedServer.Reaction.close, .reset, .vanish],
        [OutboundRequest.Method.post, .put, .get]
    )
    func whenAKeptConnectionDiesAfterTheRequest(
        _ death: ScriptedServer.Reaction,
        _ method: OutboundRequest.Method
    ) {
        let server = ScriptedServer { $0.number == 2 ? death : .answer(ScriptedServer.ok("ok")) }
        defer { server.stop() }
        let client = HTTPClient(egress: .loopback)
        #expect(client.send(.init(.get, server.url)).response != nil)
        let body = method == .get ? [] : [UInt8]("send me once".utf8)
        let outcome = client.send(.init(method, server.url, body: body))
        #expect(outcome.unknownReason == .connectionLost)
        #expect(server.requests.count == 2)
    }

    @Test func whenTheBodyIsEmpty() {
        let server = ScriptedServer { $0.number == 2 ? .close : .answer(ScriptedServer.ok("ok")) }
        defer { server.stop() }
        let client = HTTPClient(egress: .loopback)
        #expect(client.send(.init(.post, server.url)).response != nil)
        #expect(client.send(.init(.post, server.url)).unknownReason == .connectionLost)
        #expect(server.requests.count == 2)
    }

    @Test func whenTheBodyIsLarge() {
        let server = ScriptedServer { $0.number == 2 ? .close : .answer(ScriptedServer.ok("ok")) }
        defer { server.stop() }
        let client = HTTPClient(egress: .loopback)
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        #expect(client.send(.init(.post, server.url, body: body)).response != nil)
        let outcome = client.send(.init(.post, server.url, body: body))
        #expect(outcome.unknownReason == .connectionLost)
        #expect(server.requests.count == 2)
    }

    @Test func theClientGoesOnWithANewConnection() {
        let server = ScriptedServer { $0.number == 2 ? .close : .answer(ScriptedServer.ok("ok")) }
        defer { server.stop() }
        let client = HTTPClient(egress: .loopback)
        #expect(client.send(.init(.post, server.url)).response != nil)
        #expect(client.send(.init(.post, server.url)).unknownReason == .connectionLost)
        #expect(client.send(.init(.post, server.url)).response != nil)
        #expect(server.requests.count == 3)
    }

    @Test func aConnectionClosedWhileIdleIsReplacedBeforeWriting() {
        let server = ScriptedServer { _ in .answerThenClose(ScriptedServer.ok("ok")) }
        defer { server.stop() }
        let client = HTTPClient(egress: .loopback)
        for _ in 0..<20 {
            #expect(client.send(.init(.post, server.url)).response != nil)
            server.waitUntilConnectionsEnd()
        }
        #expect(server.requests.count == 20)
    }
}
