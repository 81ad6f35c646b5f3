import EventLoop
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(60))) struct LimitTests {
    @Test(arguments: [
        ("GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 100))\r\n", 431),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6291457\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\nContent-Length: 1\r\n\r\n", 417),
        ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505), ("GET / HTTP/1.1\r\n\r\n", 400),
    ])
    func refusesWithAnErrorTheClientCanRead(_ request: String, _ status: Int) throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        client.send(request)
        let answer = try client.answer()
        #expect(answer.status == status)
        #expect(answer["connection"] == "close")
        #expect(answer["content-type"] == "application/json")
        #expect(answer.text.hasPrefix("{\"error\":{\"code\":\""))
        #expect(fixture.server.counters.requests == 0)
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func aClientInFullFlowCanReadItsRefusal() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n")
        client.send([UInt8](repeating: 0, count: 10_000_000))
        #expect(try client.answer().status == 413)
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func throwsAwayOnlySoMuchOfARefusedRequest() throws {
        var limits = HTTPServerLimits()
        limits.discardedBytes = 100_000
        let fixture = try ServerFixture(limits)
        let client = try fixture.connect()
        client.send("nonsense\r\n\r\n")
        client.send([UInt8](repeating: 0, count: 50_000_000))
        try fixture.loop.wait { client.isOver && fixture.server.counters.open == 0 }
        try fixture.close()
    }

    @Test func timesOutASlowHead() throws {
        var limits = HTTPServerLimits()
        limits.headMilliseconds = 50
        let fixture = try ServerFixture(limits)
        let client = try fixture.connect()
        client.send("GET / HT")
        let answer = try client.answer()
        #expect(answer.status == 408)
        #expect(answer.text.contains("headers_timeout"))
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func timesOutASlowBody() throws {
        var limits = HTTPServerLimits()
        limits.bodyMilliseconds = 50
        let fixture = try ServerFixture(limits)
        let client = try fixture.connect()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhal")
        let answer = try client.answer()
        #expect(answer.status == 408)
        #expect(answer.text.contains("body_timeout"))
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func bytesOfABodyBuyItTime() throws {
        var limits = HTTPServerLimits()
        limits.bodyMilliseconds = 20
        limits.bodyBytesPerSecond = 1
        let fixture = try ServerFixture(limits)
        let client = try fixture.connect()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nalmost ")
        try fixture.loop.observe(milliseconds: 100)
        client.send("all")
        #expect(try client.answer().text == "almost all")
        try fixture.close()
    }

    @Test(arguments: ["", "\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"])
    func closesAnIdleConnectionWithoutAWord(_ text: String) throws {
        var limits = HTTPServerLimits()
        // Long beside what a busy machine takes to send the first request.
        limits.idleMilliseconds = 1_000
        let fixture = try ServerFixture(limits)
        let client = try fixture.connect()
        client.send(text)
        if text.hasPrefix("GET") { #expect(try client.answer().status == 200) }
        try client.waitForEnd()
        #expect(client.received.isEmpty)
        try fixture.close()
    }

    @Test func doesNotTimeOutAHandler() throws {
        var limits = HTTPServerLimits()
        limits.idleMilliseconds = 700
        limits.headMilliseconds = 700
        limits.bodyMilliseconds = 700
        limits.writeMilliseconds = 700
        var waiting: HTTPExchange?
        let fixture = try ServerFixture(limits) { waiting = $0 }
        let client = try fixture.connect()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try fixture.loop.observe(milliseconds: 1_500)
        waiting?.reply(HTTPResponse(status: 200))
        #expect(try client.answer().status == 200)
        try fixture.close()
    }

    @Test func turnsAwayOneConnectionTooMany() throws {
        var limits = HTTPServerLimits()
        limits.connections = 2
        let fixture = try ServerFixture(limits)
        let first = try fixture.connect()
        _ = try fixture.connect()
        let third = try fixture.connect()
        let refusal = try third.answer()
        #expect(refusal.status == 503)
        #expect(refusal["retry-after"] == "1")
        try third.waitForEnd()
        #expect(fixture.server.counters.refused == 1)
        first.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try first.answer().status == 200)
        third.close()
        try fixture.loop.wait { fixture.server.counters.open == 1 }
        let fourth = try fixture.connect()
        fourth.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try fourth.answer().status == 200)
        try fixture.close()
    }

    @Test func resetsAClientThatNeverReads() throws {
        var limits = HTTPServerLimits()
        limits.writeMilliseconds = 100
        let body = [UInt8](repeating: 1, count: 4_000_000)
        let fixture = try ServerFixture(limits) { $0.reply(HTTPResponse(status: 200, body: body)) }
        let client = try fixture.connect()
        client.stopReading()
        client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 1_000))
        try fixture.loop.wait {
            fixture.server.counters.open == 0 && fixture.server.counters.accepted > 0
        }
        #expect(fixture.server.counters.requests < 10, "answers pile up for a client that is away")
        try fixture.close()
    }

    @Test func servesASlowReaderToTheEnd() throws {
        var limits = HTTPServerLimits()
        limits.writeMilliseconds = 300
        let body = [UInt8](repeating: 1, count: 6_000_000)
        let fixture = try ServerFixture(limits) { $0.reply(HTTPResponse(status: 200, body: body)) }
        let reader = SlowReader(to: fixture.port)
        reader.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        // The sweep and the reader share one loop: a busy machine slows both.
        let timer = try Timer(on: fixture.loop) { reader.read(16_384) }
        timer.start(after: 10, repeating: 10)
        try fixture.loop.wait { reader.isOver }
        timer.close()
        #expect(reader.count > body.count, "cut off after \(reader.count) bytes")
        try fixture.close()
    }

    @Test func endsWhoIsSlowestWhenAllHoldTooMuch() throws {
        var limits = HTTPServerLimits()
        limits.freeBytes = 1_000
        limits.sharedBytes = 1_250_000
        let fixture = try ServerFixture(limits)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n"
        let half = String(repeating: "x", count: 500_000)
        let first = try fixture.connect()
        first.send(head + half)
        try fixture.loop.wait { fixture.server.sharedBytes >= 499_000 }
        let second = try fixture.connect()
        second.send(head + half)
        try fixture.loop.wait { fixture.server.sharedBytes >= 998_000 }
        let small = try fixture.connect()
        small.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
        #expect(try small.answer().text == "hello")
        let third = try fixture.connect()
        third.send(head + half)
        let refusal = try first.answer()
        #expect(refusal.status == 503)
        #expect(refusal["retry-after"] == "1")
        for client in [second, third] {
            client.send(String(repeating: "x", count: 100_000))
            #expect(try client.answer().text.utf8.count == 600_000)
        }
        for client in [first, second, third, small] { client.close() }
        try fixture.loop.wait { fixture.server.counters.open == 0 }
        #expect(fixture.server.sharedBytes == 0)
        try fixture.close()
    }

    @Test func endsNobodyElseWhenTheSlowestIsTheOneThatSends() throws {
        var limits = HTTPServerLimits()
        limits.freeBytes = 1_000
        limits.sharedBytes = 8_500
        let fixture = try ServerFixture(limits)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6000\r\n\r\n"
        let clients = try (0..<2).map { _ in try fixture.connect() }
        for (place, client) in clients.enumerated() {
            client.send(head + String(repeating: "x", count: 5_000))
            try fixture.loop.wait { fixture.server.sharedBytes >= 4_000 * (place + 1) }
        }
        // Too little for progress, and too much for both.
        clients[0].send(String(repeating: "x", count: 600))
        #expect(try clients[0].answer().status == 503)
        clients[1].send(String(repeating: "x", count: 1_000))
        #expect(try clients[1].answer().text.utf8.count == 6_000)
        try fixture.close()
    }

    @Test func handsOverARequestWithoutABodyThatNobodyReads() throws {
        let fixture = try ServerFixture()
        fixture.server.bodyLimit = { $0.path == "/read" ? 50_000 : nil }
        for (target, length, status, body) in [
            ("/other", 1_000_000, 200, ""), ("/read", 50_001, 413, nil),
            ("/read", 50_000, 200, nil),
            ("/other", 10, 200, "xxxxxxxxxx"),
        ] {
            let client = try fixture.connect()
            client.send("POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
            client.send(String(repeating: "x", count: min(length, 50_000)))
            let answer = try client.answer()
            #expect(answer.status == status)
            if let body { #expect(answer.text == body) }
            #expect((answer["connection"] == "close") == (length > 50_000))
        }
        try fixture.close()
    }
}
