import FunctionContract
import FunctionRuntime
import Testing

@Suite("A function finds its routes by itself")
struct RoutesTests {
    private let function = Function([
        Route(.get, "/items/{id}") { event, _ in
            .text("\(event.routeKey) \(event.pathParameters["id"] ?? "-") \(event.method)")
        },
        Route(.post, "/items/{id}") { event, _ in .text(event.routeKey) },
        Route(.get, "/files/{path+}") { event, _ in .text(event.pathParameters["path"] ?? "-") },
    ])

    private func answer(
        _ method: String,
        _ path: String,
        _ change: (inout HTTPEvent) -> Void = { _ in }
    ) -> HTTPReply? {
        var event = HTTPEvent()
        event.requestContext.http.method = method
        event.rawPath = path
        change(&event)
        guard case .http(let reply) = function.answer(.http(event), .call()) else {
            return nil
        }
        return reply
    }

    @Test(
        "The path alone gives the route and its decoded parameters",
        arguments: [
            ("GET", "/items/7", "GET /items/{id} 7 GET"),
            ("GET", "/items/a%20%C3%A9%2Fb", "GET /items/{id} a é/b GET"),
            ("GET", "/items/%2541", "GET /items/{id} %41 GET"),
            ("GET", "/items/7/", "GET /items/{id} 7 GET"),
            ("HEAD", "/items/7", "GET /items/{id} 7 HEAD"),
            ("POST", "/items/7", "POST /items/{id}"),
            ("GET", "/files/a/b%20c", "a/b c"),
        ]
    )
    func paths(_ method: String, _ path: String, _ answer: String) {
        #expect(self.answer(method, path) == .text(answer))
    }

    @Test(
        "An unknown path is not found",
        arguments: ["/", "", "/items", "/items/7/8", "/x"]
    )
    func unknownPaths(_ path: String) {
        #expect(answer("GET", path)?.statusCode == 404)
    }

    @Test(
        "An unsupported method gets the list of allowed methods",
        arguments: ["/items/7", "/items/7/"]
    )
    func wrongMethods(_ path: String) throws {
        let reply = try #require(answer("DELETE", path))
        #expect(reply.statusCode == 405)
        #expect(reply.headers["allow"] == "GET, HEAD, POST")
    }

    @Test("The host's parameters are used")
    func given() {
        let reply = answer("GET", "/items/7") { $0.pathParameters = ["id": "given"] }
        #expect(reply == .text("GET /items/{id} given GET"))
    }

    @Test("The route that the host names is used, with any path prefix")
    func named() {
        let reply = answer("GET", "/mapped/items/7") {
            $0.routeKey = "GET /items/{id}"
            $0.pathParameters = ["id": "7"]
        }
        #expect(reply == .text("GET /items/{id} 7 GET"))
        let unnamed = answer("GET", "/items/7") { $0.routeKey = "GET /items/{id}" }
        #expect(unnamed == .text("GET /items/{id} 7 GET"))
        let other = answer("GET", "/items/7") { $0.routeKey = "ANY /{proxy+}" }
        #expect(other == .text("GET /items/{id} 7 GET"))
    }

    @Test(
        "A stage name before the path is removed",
        arguments: [
            ("/prod/items/7", "prod", 200), ("/items/7", "prod", 200),
            ("/prod/items/7", "test", 404),
            ("/prod/items/7", "$default", 404), ("/production/items/7", "prod", 404),
        ]
    )
    func stages(_ path: String, _ stage: String, _ status: Int) {
        let reply = answer("GET", path) { $0.requestContext.stage = stage }
        #expect(reply?.statusCode == status)
    }

    @Test("Requests in a batch are grouped by route; others are answered one by one")
    func together() {
        var batches: [[String]] = []
        let function = Function([
            Route(
                .post,
                "/a/{n}",
                together: { calls, _ in
                    batches.append(calls.map { $0.event.pathParameters["n"] ?? "-" })
                    return calls.map { .text("a\($0.event.pathParameters["n"] ?? "-")") }
                }
            ),
            Route(.get, "/a/{n}") { event, _ in .text("get") },
        ])
        let calls = [
            ("POST", "/a/1"), ("GET", "/a/1"), ("POST", "/b"), ("PUT", "/a/2"), ("POST", "/a/3"),
        ]
        .map { method, path in
            var event = HTTPEvent()
            event.requestContext.http.method = method
            event.rawPath = path
            return (event: Event.http(event), context: Context.call())
        }
        let replies = function.answer(calls).map { reply in
            if case .http(let reply) = reply {
                return reply.statusCode == 200
                    ? String(decoding: reply.body, as: UTF8.self) : "\(reply.statusCode)"
            }
            return "-"
        }
        #expect(replies == ["a1", "get", "404", "405", "a3"])
        #expect(batches == [["1", "3"]])
    }

    @Test("ANY matches every method")
    func anyMethod() {
        let function = Function([Route(.any, "/x") { event, _ in .text(event.method) }])
        var event = HTTPEvent()
        event.rawPath = "/x"
        event.requestContext.http.method = "PURGE"
        #expect(function.answer(.http(event), .call()) == .http(.text("PURGE")))
    }
}
