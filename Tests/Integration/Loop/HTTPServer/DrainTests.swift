import EventLoop
import Glibc
import HTTPServer
import Testing

@Suite(.timeLimit(.minutes(60))) struct DrainTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func losesNoRequestThatHasBegun() throws {
        var waiting: [HTTPExchange] = []
        let fixture = try ServerFixture { waiting.append($0) }
        let idle = try fixture.connect()
        let handled = try (0..<50).map { _ in try fixture.connect() }
        for client in handled { client.send(get) }
        try fixture.loop.wait { waiting.count == 50 }
        let half = try fixture.connect()
        half.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nh")
        try fixture.loop.wait { fixture.server.counters.open == 52 }
        let justSent = try fixture.connect()
        try fixture.loop.wait { fixture.server.counters.open == 53 }
        justSent.send(get)

        var isDrained = false
        fixture.server.drain(graceMilliseconds: 100_000) { isDrained = true }
        try idle.waitForEnd()
        half.send("i")
        try fixture.loop.wait { waiting.count == 52 }
        #expect(!isDrained)
        for exchange in waiting { exchange.reply(HTTPResponse(status: 200)) }
        for client in handled + [half, justSent] {
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
        }
        try fixture.loop.wait { isDrained }
        try fixture.close()
    }

    @Test func answersARequestThatWasOnItsWayOnAKeptConnection() throws {
        var limits = HTTPServerLimits()
        limits.drainIdleMilliseconds = 100_000
        let fixture = try ServerFixture(limits)
        let kept = try fixture.connect()
        kept.send(get)
        #expect(try kept.answer()["connection"] == nil)
        fixture.server.drain(graceMilliseconds: 100_000)
        #expect(fixture.server.counters.open == 1)
        kept.send(get)
        let answer = try kept.answer()
        #expect(answer.status == 200)
        #expect(answer["connection"] == "close")
        try kept.waitForEnd()
        try fixture.close()
    }

    @Test func endsConnectionsOneByOneBeforeItDrains() throws {
        let fixture = try ServerFixture()
        let kept = try fixture.connect()
        kept.send(get)
        #expect(try kept.answer()["connection"] == nil)
        fixture.server.endConnections()
        kept.send(get)
        #expect(try kept.answer()["connection"] == "close")
        try kept.waitForEnd()
        let fresh = try fixture.connect()
        fresh.send(get)
        #expect(try fresh.answer()["connection"] == "close")
        try fixture.close()
    }

    @Test func acceptsNoMore() throws {
        let fixture = try ServerFixture()
        fixture.server.drain(graceMilliseconds: 10)
        #expect(throws: UVError.self) { _ = try fixture.connect() }
        try fixture.close()
    }

    @Test func cutsWhatOutlastsTheGrace() throws {
        var waiting: [HTTPExchange] = []
        var disconnects = 0
        let fixture = try ServerFixture { exchange in
            exchange.onDisconnect = { disconnects += 1 }
            waiting.append(exchange)
        }
        let client = try fixture.connect()
        client.send(get)
        try fixture.loop.wait { waiting.count == 1 }
        var isDrained = false
        fixture.server.drain(graceMilliseconds: 20) { isDrained = true }
        try fixture.loop.wait { isDrained }
        #expect(disconnects == 1)
        try fixture.close()
    }

    @Test func answersAClientThatTheKernelConnectedJustBefore() throws {
        let fixture = try ServerFixture()
        let client = connectBlocking(to: fixture.port)
        unsafe #expect(Glibc.write(client, get, get.utf8.count) == get.utf8.count)
        #expect(fixture.server.counters.accepted == 0)
        try fixture.close()
        var bytes = [UInt8](repeating: 0, count: 1_000)
        let count = unsafe read(client, &bytes, bytes.count)
        #expect(
            String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).hasPrefix("HTTP/1.1 200")
        )
        Glibc.close(client)
    }
}
