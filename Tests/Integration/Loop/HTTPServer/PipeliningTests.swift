import EventLoop
import HTTPServer
import Testing

@Suite(.timeLimit(.minutes(60))) struct PipeliningTests {
    @Test func answersTenThousandRequestsSentAtOnceInOrder() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        let count = 10_000
        client.send((0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        try fixture.loop.wait { fixture.server.counters.requests == count }
        client.endSending()
        try client.waitForEnd()
        let targets = client.text.split(separator: "\r\n")
            .filter { $0.hasPrefix("x-request: GET /") }
            .map { Int($0.dropFirst("x-request: GET /".count)) }
        #expect(targets == Array(0..<count))
        try fixture.close()
    }

    @Test func givesTheHandlerOneRequestAtATime() throws {
        var waiting: [HTTPExchange] = []
        let fixture = try ServerFixture { waiting.append($0) }
        let client = try fixture.connect()
        client.send((1...3).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for number in 1...3 {
            try fixture.loop.wait { waiting.count == 1 }
            let exchange = waiting.removeFirst()
            #expect(exchange.request.path == "/\(number)")
            exchange.reply(HTTPResponse(status: 200))
            #expect(try client.answer().status == 200)
        }
        try fixture.close()
    }

    @Test func boundsWhatItReadsAheadOfASlowHandler() throws {
        var limits = HTTPServerLimits()
        limits.pipelinedBytes = 10_000
        var waiting: [HTTPExchange] = []
        let fixture = try ServerFixture(limits) { waiting.append($0) }
        let client = try fixture.connect()
        let body = String(repeating: "x", count: 1_000)
        let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + body
        let count = 20_000
        client.send(String(repeating: request, count: count))
        try fixture.loop.wait { waiting.count == 1 }
        try fixture.loop.observe(milliseconds: 100)
        #expect(client.queuedBytes > 0, "the server read everything without bound")
        while fixture.server.counters.requests < count {
            waiting.removeFirst().reply(HTTPResponse(status: 204))
            try fixture.loop.wait { waiting.count == 1 }
        }
        waiting.removeFirst().reply(HTTPResponse(status: 204))
        try fixture.close()
    }

    @Test func answersWhatCameBeforeAMalformedRequest() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1")
        #expect(try client.answer()["x-request"] == "GET /1")
        let refusal = try client.answer()
        #expect(refusal.status == 400)
        #expect(refusal["connection"] == "close")
        #expect(refusal.text.hasPrefix("{\"error\":{\"code\":\"bad_request\""))
        try client.waitForEnd()
        try fixture.close()
    }
}
