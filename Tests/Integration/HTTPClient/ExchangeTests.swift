import FunctionContract
import HTTPClient
import Networks
import Testing

@Suite(.ownThread)
struct ExchangeTests {
    @Test func returnsStatusHeadersAndBody() throws {
        let server = ScriptedServer { _ in
            .answer("HTTP/1.1 201 Created\r\nX-Trace:  a b \r\nContent-Length: 5\r\n\r\nhello")
        }
        defer { server.stop() }
        let response = try #require(
            HTTPClient(egress: .loopback).send(.init(.get, server.url)).response
        )
        #expect(response.status == 201)
        #expect(response.headers["x-trace"] == "a b")
        #expect(response.body == [UInt8]("hello".utf8))
    }

    @Test func sendsMethodHeadersAndBodyAndNothingInvented() throws {
        let server = ScriptedServer.answering("ok")
        defer { server.stop() }
        var request = OutboundRequest(.post, server.url + "v23.0/messages?x=1")
        request.headers = ["X-Empty": "", "Authorization": "Bearer t"]
        request.body = [UInt8]("{\"a\":1}".utf8)
        _ = try #require(HTTPClient(egress: .loopback).send(request).response)
        let seen = try #require(server.requests.first)
        let lines = Set(seen.head.split(separator: "\r\n").map(String.init))
        let expected: Set = [
            "POST /v23.0/messages?x=1 HTTP/1.1", "Host: 127.0.0.1:\(server.port)",
            "User-Agent: relais/1.0", "Accept: */*", "x-empty:", "authorization: Bearer t",
            "Content-Length: 7",
        ]
        #expect(lines == expected)
        #expect(seen.body == "{\"a\":1}")
    }

    @Test(arguments: [OutboundRequest.Method.put, .patch, .delete, .post])
    func sendsABodyWithEveryMethodThatMayHaveOne(_ method: OutboundRequest.Method) throws {
        let server = ScriptedServer.answering("ok")
        defer { server.stop() }
        let client = HTTPClient(egress: .loopback)
        for body in ["", "a body"] {
            let request = OutboundRequest(method, server.url, body: [UInt8](body.utf8))
            _ = try #require(client.send(request).response)
        }
        #expect(server.requests.map(\.body) == ["", "a body"])
        #expect(server.requests.allSatisfy { $0.head.hasPrefix("\(method.rawValue) / ") })
    }

    @Test func joinsAChunkedBody() throws {
        let server = ScriptedServer { _ in
            .answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            )
        }
        defer { server.stop() }
        let response = try #require(
            HTTPClient(egress: .loopback).send(.init(.get, server.url)).response
        )
        #expect(response.body == [UInt8]("abcde".utf8))
    }

    @Test func headNeedsNoBody() throws {
        let server = ScriptedServer { _ in
            .answer("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        }
        defer { server.stop() }
        let response = try #require(
            HTTPClient(egress: .loopback).send(.init(.head, server.url)).response
        )
        #expect(response.status == 200)
        #expect(response.body.isEmpty)
    }

    @Test func interimResponsesLeaveNoHeaders() throws {
        let server = ScriptedServer { _ in
            .answer("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ScriptedServer.ok("x"))
        }
        defer { server.stop() }
        let response = try #require(
            HTTPClient(egress: .loopback).send(.init(.get, server.url)).response
        )
        #expect(response.status == 200)
        #expect(response.headers["link"] == nil)
    }

    @Test func redirectsAreAnswersNotOrders() throws {
        let server = ScriptedServer { _ in
            .answer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let response = try #require(
            HTTPClient(egress: .loopback).send(.init(.get, server.url)).response
        )
        #expect(response.status == 302)
        #expect(response.headers["location"] == "/elsewhere")
        #expect(server.requests.count == 1)
    }

    @Test func keepsTheConnectionBetweenRequests() {
        let server = ScriptedServer.answering("ok")
        defer { server.stop() }
        let client = HTTPClient(egress: .loopback)
        for _ in 0..<5 { #expect(client.send(.init(.get, server.url)).response != nil) }
        #expect(server.connections == 1)
    }
}

extension OutboundOutcome {
    var response: OutboundResponse? {
        if case .response(let response) = self { response } else { nil }
    }

    var notSentReason: OutboundFailure.Reason? {
        if case .notSent(let failure) = self { failure.reason } else { nil }
    }

    var unknownReason: OutboundFailure.Reason? {
        if case .unknown(let failure) = self { failure.reason } else { nil }
    }
}
