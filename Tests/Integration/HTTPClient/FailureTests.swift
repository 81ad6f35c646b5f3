import FunctionContract
import HTTPClient
import Networks
import Testing

@Suite(.ownThread)
struct FailureTests {
    @Test func aRefusedPortMeansNotSent() throws {
        let port = try SilentPort()
        let outcome = HTTPClient(egress: .loopback).send(
            .init(.post, "http://127.0.0.1:\(port.number)/")
        )
        withExtendedLifetime(port) { #expect(outcome.notSentReason == .unreachable) }
    }

    @Test func anUnknownNameMeansNotSent() {
        var request = OutboundRequest(.get, "http://no-such-host.invalid/")
        // Where nobody answers for names either, the system takes its time to say so.
        request.limits.connect = .seconds(120)
        request.limits.total = .seconds(120)
        let outcome = HTTPClient(egress: .loopback).send(request)
        #expect(outcome.notSentReason == .unresolvable)
    }

    @Test func aConnectionThatIsNeverAcceptedMeansNotSent() {
        // The kernel drops further SYNs once the queue of a listener that never accepts is full.
        let listener = LoopbackSocket.listening(backlog: 0)
        let filler = LoopbackSocket.connected(to: listener.port)
        defer {
            filler.close()
            listener.close()
        }
        var request = OutboundRequest(.post, "http://127.0.0.1:\(listener.port)/")
        request.limits.connect = .milliseconds(200)
        #expect(HTTPClient(egress: .loopback).send(request).notSentReason == .connectTimeout)
    }

    @Test func aFailedHandshakeMeansNotSent() {
        let listener = LoopbackSocket.listening()
        let plain = BackgroundThread {
            guard let connection = listener.accepted() else { return }
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            while connection.received() != nil {}
            connection.close()
        }
        let outcome = HTTPClient(egress: .loopback).send(
            .init(.post, "https://127.0.0.1:\(listener.port)/")
        )
        plain.join()
        listener.close()
        #expect(outcome.notSentReason == .tls)
    }

    @Test(arguments: [ScriptedServer.Reaction.reset, .close])
    func aConnectionLostAfterTheRequestMeansUnknown(_ reaction: ScriptedServer.Reaction) {
        let server = ScriptedServer { _ in reaction }
        defer { server.stop() }
        let outcome = HTTPClient(egress: .loopback).send(.init(.post, server.url, body: [1, 2, 3]))
        #expect(outcome.unknownReason == .connectionLost)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"])
    func anAnswerThatDoesNotEndInTimeMeansUnknown(_ beginning: String) {
        let server = ScriptedServer { _ in .stall(beginning) }
        defer { server.stop() }
        let outcome = firstToGetOut(to: server) { limit in
            var request = OutboundRequest(.post, server.url)
            request.limits.total = limit
            return HTTPClient(egress: .loopback).send(request)
        }
        #expect(outcome.unknownReason == .timeout)
    }

    /// What became of the first request that the server saw: on a busy machine the shortest of the
    /// limits may be over before anything has been written.
    private func firstToGetOut(
        to server: ScriptedServer,
        _ send: (Duration) -> OutboundOutcome
    ) -> OutboundOutcome {
        for limit in [Duration.milliseconds(200), .seconds(2), .seconds(10)] {
            let outcome = send(limit)
            if !server.requests.isEmpty { return outcome }
        }
        return send(.seconds(60))
    }

    @Test func theDeadlineCutsALongerLimit() {
        let server = ScriptedServer { _ in .stall("") }
        defer { server.stop() }
        var late = Duration.zero
        let outcome = firstToGetOut(to: server) { limit in
            let deadline = ContinuousClock.now + limit
            defer { late = ContinuousClock.now - deadline }
            var request = OutboundRequest(.get, server.url)
            request.limits.total = .seconds(300)
            return HTTPClient(egress: .loopback).send(request, deadline: deadline)
        }
        #expect(outcome.unknownReason == .timeout)
        #expect(late < .seconds(20))
    }

    @Test func aTransferThatCrawlsIsGivenUp() {
        let server = ScriptedServer { _ in .stall("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") }
        defer { server.stop() }
        let outcome = firstToGetOut(to: server) { limit in
            var request = OutboundRequest(.get, server.url)
            request.limits.slowestBytesPerSecond = 1000
            request.limits.slowness = max(limit, .seconds(1))
            return HTTPClient(egress: .loopback).send(request)
        }
        #expect(outcome.unknownReason == .timeout)
    }

    @Test func aPassedDeadlineSendsNothing() {
        let server = ScriptedServer.answering("ok")
        defer { server.stop() }
        let outcome = HTTPClient(egress: .loopback).send(
            .init(.get, server.url),
            deadline: .now - .seconds(1)
        )
        #expect(outcome.notSentReason == .deadlinePassed)
        #expect(server.connections == 0)
    }

    @Test func aBodyShorterThanAnnouncedMeansUnknown() {
        let server = ScriptedServer { _ in
            .answerThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        }
        defer { server.stop() }
        #expect(
            HTTPClient(egress: .loopback).send(.init(.post, server.url)).unknownReason == .truncated
        )
    }

    @Test(arguments: [(100, true), (101, false)])
    func aBodyMayFillTheLimitAndNotPassIt(_ size: Int, _ fits: Bool) {
        let server = ScriptedServer.answering(String(repeating: "x", count: size))
        defer { server.stop() }
        var request = OutboundRequest(.get, server.url)
        request.limits.responseBodyBytes = 100
        let outcome = HTTPClient(egress: .loopback).send(request)
        #expect((outcome.response != nil) == fits)
        #expect((outcome.unknownReason == .responseTooLarge) == !fits)
    }

    @Test func headersHaveALimitToo() {
        let line = "X-Long: \(String(repeating: "x", count: 1000))\r\n"
        let server = ScriptedServer { _ in
            .answer("HTTP/1.1 200 OK\r\n\(line)\(line)Content-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        var request = OutboundRequest(.get, server.url)
        request.limits.responseHeaderBytes = 2000
        #expect(HTTPClient(egress: .loopback).send(request).unknownReason == .responseTooLarge)
    }

    @Test func anAnswerThatIsNotHTTPMeansUnknown() {
        let server = ScriptedServer { _ in .answerThenClose("SSH-2.0-OpenSSH_9.2\r\n") }
        defer { server.stop() }
        #expect(
            HTTPClient(egress: .loopback).send(.init(.post, server.url)).unknownReason
                == .malformedResponse
        )
    }

    @Test(arguments: ["X-A", "Content-Length"])
    func aForgedHeaderNeverLeaves(_ name: String) {
        let server = ScriptedServer.answering("ok")
        defer { server.stop() }
        let forged = HTTPFields([(name, "1\r\nX-Admin: yes")])
        let outcome = HTTPClient(egress: .loopback).send(.init(.get, server.url, headers: forged))
        #expect(outcome.notSentReason == .invalidRequest)
        #expect(server.connections == 0)
    }
}
