import EventLoop
import HTTPServer
import Testing

@Suite(.timeLimit(.minutes(60))) struct ProtocolTests {
    @Test func answersOnOneConnectionAgainAndAgain() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        for number in 0..<3 {
            client.send("POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer["x-request"] == "POST /\(number)")
            #expect(answer["content-length"] == "2")
            #expect(answer["connection"] == nil)
            #expect(answer["date"]?.hasSuffix(" GMT") == true)
            #expect(answer.text == "hi")
        }
        #expect(fixture.server.counters.open == 1)
        #expect(fixture.server.counters.accepted == 1)
        #expect(fixture.server.counters.refused == 0)
        #expect(fixture.server.counters.requests == 3)
        try fixture.close()
    }

    @Test func closesWhenTheClientOrTheHandlerSaysSo() throws {
        let fixture = try ServerFixture { exchange in
            let headers: HTTPHeaders =
                exchange.request.path == "/close" ? ["Connection": "Close"] : [:]
            exchange.reply(HTTPResponse(status: 200, headers: headers))
        }
        for request in [
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
            "GET /close HTTP/1.1\r\nHost: a\r\n\r\n",
        ] {
            let client = try fixture.connect()
            client.send(request)
            #expect(try client.answer()["connection"] == "close")
            try client.waitForEnd()
        }
        try fixture.close()
    }

    @Test func keepsAnHTTP10ConnectionThatAsksForIt() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        for _ in 0..<2 {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try client.answer()["connection"] == "keep-alive")
        }
        try fixture.close()
    }

    @Test func answersHeadWithTheLengthAndNoBody() throws {
        let fixture = try ServerFixture { $0.reply(HTTPResponse(status: 200, body: [1, 2, 3])) }
        let client = try fixture.connect()
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer(toHead: true)["content-length"] == "3")
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().body == [1, 2, 3])
        try fixture.close()
    }

    @Test(arguments: [(204, nil), (304, nil), (205, "0")])
    func givesNoBodyToAStatusThatHasNone(_ status: Int, _ length: String?) throws {
        let fixture = try ServerFixture { $0.reply(HTTPResponse(status: status, body: [1])) }
        let client = try fixture.connect()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == status)
        #expect(answer["content-length"] == length)
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().status == status)
        try fixture.close()
    }

    @Test func ownsTheFramingOfItsAnswers() throws {
        let fixture = try ServerFixture { exchange in
            let headers: HTTPHeaders = [
                "Content-Length": "999", "Transfer-Encoding": "chunked", "Keep-Alive": "x",
                "X-Kept": "yes", "Date": "mine", "Set-Cookie": "a", "set-cookie": "b",
            ]
            exchange.reply(HTTPResponse(status: 200, headers: headers, body: [1]))
        }
        let client = try fixture.connect()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(
            answer.head == "HTTP/1.1 200 OK\r\nx-kept: yes\r\ndate: mine\r\nset-cookie: a\r\n"
                + "set-cookie: b\r\ncontent-length: 1\r\n"
        )
        try fixture.close()
    }

    @Test(arguments: [
        HTTPResponse(status: 200, headers: ["x": "a\r\nb: c"]),
        HTTPResponse(status: 200, headers: ["x\n": "a"]),
        HTTPResponse(status: 200, headers: ["x": "a\0"]),
        HTTPResponse(status: 101), HTTPResponse(status: 0), HTTPResponse(status: 600),
    ])
    func turnsAnAnswerThatHTTPDoesNotAllowIntoA500(_ response: HTTPResponse) throws {
        let fixture = try ServerFixture { $0.reply(response) }
        let client = try fixture.connect()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 500)
        #expect(answer.text.contains("\"code\":\"invalid_response\""))
        try fixture.close()
    }

    @Test func asksForABodyOnlyWhenItsHeadIsAcceptable() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
        client.send(head + "Content-Length: 2\r\n\r\n")
        #expect(try client.answer().status == 100)
        client.send("hi")
        #expect(try client.answer().text == "hi")
        client.send(head + "Content-Length: 7000000\r\n\r\n")
        #expect(try client.answer().status == 413)
        try client.waitForEnd()
        try fixture.close()
    }

    @Test func ignoresARequestToUpgrade() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        client.send(
            "GET /w HTTP/1.1\r\nHost: a\r\n\(upgrade)\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        #expect(try client.answer()["x-request"] == "GET /w")
        #expect(try client.answer()["x-request"] == "GET /2")
        try fixture.close()
    }

    @Test func showsTheHandlerWhoAsks() throws {
        let fixture = try ServerFixture { exchange in
            let peer = exchange.request.peer
            exchange.reply(HTTPResponse(status: 200, headers: ["x-peer": peer?.host ?? "none"]))
        }
        let client = try fixture.connect()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer()["x-peer"] == "127.0.0.1")
        try fixture.close()
    }

    @Test func takesABodyUpToItsLimitInChunks() throws {
        let fixture = try ServerFixture()
        let client = try fixture.connect()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let piece = String(repeating: "x", count: 1 << 20)
        for _ in 0..<6 { client.send("100000\r\n\(piece)\r\n") }
        client.send("0\r\n\r\n")
        #expect(try client.answer().body.count == 6 << 20)
        try fixture.close()
    }
}
