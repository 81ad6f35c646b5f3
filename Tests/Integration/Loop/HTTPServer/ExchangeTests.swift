import EventLoop
import HTTPServer
import Testing

@Suite(.timeLimit(.minutes(60))) struct ExchangeTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func streamsInChunks() throws {
        let fixture = try ServerFixture { exchange in
            exchange.begin(status: 200, headers: ["content-type": "text/plain"])
            exchange.write(Array("one ".utf8))
            exchange.write([])
            exchange.write(Array("two".utf8))
            exchange.finish()
        }
        let client = try fixture.connect()
        for _ in 0..<2 {
            client.send(get)
            let answer = try client.answer()
            #expect(answer["transfer-encoding"] == "chunked")
            #expect(answer["content-length"] == nil)
            #expect(answer.text == "one two")
        }
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer(toHead: true)["transfer-encoding"] == "chunked")
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let old = try client.answer()
        #expect(old["transfer-encoding"] == nil)
        #expect(old.text == "one two")
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func deliversEachPieceOfAStreamAtOnce() throws {
        var waiting: HTTPExchange?
        let fixture = try ServerFixture { waiting = $0 }
        let client = try fixture.connect()
        client.send(get)
        try fixture.loop.wait { waiting != nil }
        waiting?.begin(status: 200)
        waiting?.write(Array("one".utf8))
        try fixture.loop.wait { client.text.hasSuffix("3\r\none\r\n") }
        waiting?.write(Array("two".utf8))
        try fixture.loop.wait { client.text.hasSuffix("3\r\ntwo\r\n") }
        waiting?.finish()
        #expect(try client.answer().text == "onetwo")
        try fixture.close()
    }

    @Test func tellsAStreamToWaitForItsClient() throws {
        var waiting: HTTPExchange?
        let fixture = try ServerFixture { waiting = $0 }
        let client = try fixture.connect()
        client.send(get)
        try fixture.loop.wait { waiting != nil }
        client.stopReading()
        var drained = 0
        waiting?.onDrain = { drained += 1 }
        waiting?.begin(status: 200)
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        while waiting?.isBackedUp == false { waiting?.write(piece) }
        #expect(drained == 0)
        client.resume()
        try fixture.loop.wait { drained == 1 }
        #expect(waiting?.isBackedUp == false)
        waiting?.finish()
        #expect(try client.answer().status == 200)
        try fixture.close()
    }

    @Test func cutsAStreamThatOutgrowsItsClient() throws {
        var limits = HTTPServerLimits()
        limits.queuedBytes = 4 << 20
        var waiting: HTTPExchange?
        var isCut = false
        let fixture = try ServerFixture(limits) { exchange in
            exchange.onDisconnect = { isCut = true }
            waiting = exchange
        }
        let client = try fixture.connect()
        client.send(get)
        try fixture.loop.wait { waiting != nil }
        client.stopReading()
        waiting?.begin(status: 200)
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<100 { waiting?.write(piece) }
        #expect(isCut)
        #expect(waiting?.isOpen == false)
        #expect(fixture.server.counters.open == 0)
        try fixture.close()
    }

    @Test func tellsTheHandlerThatItsClientIsGone() throws {
        var waiting: HTTPExchange?
        var disconnects = 0
        let fixture = try ServerFixture { exchange in
            exchange.onDisconnect = { disconnects += 1 }
            waiting = exchange
        }
        let client = try fixture.connect()
        client.send(get)
        try fixture.loop.wait { waiting != nil }
        client.reset()
        try fixture.loop.wait { disconnects == 1 }
        #expect(waiting?.isOpen == false)
        waiting?.reply(HTTPResponse(status: 200))
        waiting?.begin(status: 200)
        waiting?.write([1])
        waiting?.finish()
        #expect(disconnects == 1)
        try fixture.close()
    }

    @Test func answersAClientThatHasEndedItsSide() throws {
        var waiting: [HTTPExchange] = []
        let fixture = try ServerFixture { waiting.append($0) }
        let client = try fixture.connect()
        client.send(get + get)
        client.endSending()
        for _ in 0..<2 {
            try fixture.loop.wait { waiting.count == 1 }
            waiting.removeFirst().reply(HTTPResponse(status: 200))
            #expect(try client.answer().status == 200)
        }
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func refusesARequestThatEndsTooEarly() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhal")
        client.endSending()
        #expect(try client.answer().status == 400)
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func onlyTheFirstAnswerCounts() throws {
        let fixture = try ServerFixture { exchange in
            exchange.reply(HTTPResponse(status: 201))
            exchange.reply(HTTPResponse(status: 202))
            exchange.begin(status: 203)
            exchange.finish()
        }
        let client = try fixture.connect()
        client.send(get + get)
        #expect(try client.answer().status == 201)
        #expect(try client.answer().status == 201)
        #expect(client.received.isEmpty)
        try fixture.close()
    }

    @Test func answersForAHandlerThatForgets() throws {
        let fixture = try ServerFixture { _ in }
        let client = try fixture.connect()
        client.send(get)
        let answer = try client.answer()
        #expect(answer.status == 500)
        #expect(answer.text.contains("no_response"))
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func aStreamThatIsForgottenDoesNotLookComplete() throws {
        let fixture = try ServerFixture { exchange in
            exchange.begin(status: 200)
            exchange.write([1, 2, 3])
        }
        let client = try fixture.connect()
        client.send(get)
        try fixture.loop.wait { client.isOver }
        #expect(!client.text.hasSuffix("0\r\n\r\n"))
        try fixture.close()
    }

    @Test(arguments: [10_000, 20_000, 3_000_000])
    func sendsBodiesOfAnySize(_ count: Int) throws {
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let fixture = try ServerFixture { $0.reply(HTTPResponse(status: 200, body: body)) }
        let client = try fixture.connect()
        client.send(get + get)
        for _ in 0..<2 { #expect(try client.answer().body == body) }
        try fixture.close()
    }
}
