import FunctionContract
import Testing

@testable import LocalRunner

@Suite struct RouterTests {
    @Test(
        arguments: [
            ("GET", "/users", "GET /users"),
            ("GET", "/users/", "ANY /{all+}"),
            ("GET", "/users/7", "GET /users/{id}"),
            ("GET", "/users/me", "GET /users/me"),
            ("GET", "/users/7/notes", "GET /users/{id}/notes"),
            ("GET", "/users/me/notes", "GET /users/{id}/notes"),
            ("GET", "/users/7/files/a/b", "GET /users/{id}/{rest+}"),
            ("GET", "/other/deep/path", "ANY /{all+}"),
            ("PUT", "/users/7", "ANY /{all+}"),
            ("GET", "/", nil),
            ("GET", "/any", "GET /any"),
            ("POST", "/any", "ANY /any"),
            ("HEAD", "/any", "HEAD /any"),
            ("HEAD", "/users/me", "GET /users/me"),
            ("DELETE", "/any", "ANY /any"),
        ] as [(String, String, String?)]
    )
    func theMostSpecificRouteWins(_ method: String, _ path: String, _ route: String?) throws {
        let keys = [
            "ANY /{all+}", "GET /users/{id}/{rest+}", "GET /users/{id}/notes", "GET /users/{id}",
            "GET /users/me", "GET /users", "ANY /any", "GET /any", "HEAD /any",
        ]
        for order in [keys, keys.reversed()] {
            let router = try Router(keys: order)
            #expect(router.key(method, path) == route)
        }
    }

    @Test func parametersAreDecoded() throws {
        let router = try Router(keys: ["GET /a/{first}/b/{second}", "GET /files/{path+}"])
        guard case .found(let match) = router.find(method: "GET", path: "/a/x%20y/b/%C3%A9") else {
            Issue.record("not found")
            return
        }
        #expect(match.parameters == ["first": "x y", "second": "é"])
    }

    @Test(
        arguments: [
            ("/a", ["GET", "HEAD", "POST"]), ("/b/7", ["DELETE"]), ("/b/me", ["DELETE", "PUT"]),
        ]
    )
    func aWrongMethodIsToldTheRightOnes(_ path: String, _ allowed: [String]) throws {
        let router = try Router(keys: ["GET /a", "POST /a", "DELETE /b/{id}", "PUT /b/me"])
        #expect(router.find(method: "PATCH", path: path) == .wrongMethod(allowed: allowed))
    }

    @Test func anUnknownPathIsNotFound() throws {
        let router = try Router(keys: ["GET /a", "GET /b/{id}"])
        for path in ["/", "/c", "/a/b", "/b", "/b/", "/b/7/8"] {
            #expect(router.find(method: "GET", path: path) == .notFound, "\(path)")
        }
        #expect(Router([]).find(method: "GET", path: "/") == .notFound)
    }

    @Test(
        arguments: [
            ("GET /a", "GET /a", "GET /a is already the route of one"),
            ("GET /a/{id}", "GET /a/{name}", "GET /a/{name} is already the route of one"),
            ("ANY /{a+}", "ANY /{b+}", "ANY /{b+} is already the route of one"),
            ("GET /a", "GET /_a", "GET /_a: paths that start with /_ belong to the platform"),
        ]
    )
    func refusesRoutesThatOnlyChanceCouldTellApart(
        _ first: String,
        _ second: String,
        _ problem: String
    ) {
        let manifests = [
            Sample.manifest("one", routes: first), Sample.manifest("two", routes: second),
        ]
        #expect(throws: UsageError("functions/two/function.json: \(problem)")) {
            try Router.checkUnambiguous(manifests, in: "functions")
        }
    }

    @Test(arguments: [("GET /a", "POST /a"), ("GET /a", "ANY /a"), ("GET /a/{id}", "GET /a/{id+}")])
    func acceptsRoutesThatPrecedenceTellsApart(_ first: String, _ second: String) {
        let manifests = [
            Sample.manifest("one", routes: first), Sample.manifest("two", routes: second),
        ]
        #expect(throws: Never.self) { try Router.checkUnambiguous(manifests, in: "functions") }
    }
}

extension Router {
    /// A router whose functions are numbered in the order of their only routes.
    fileprivate init(keys: [String]) throws {
        var routes: [Route] = []
        for (function, key) in keys.enumerated() {
            let words = key.split(separator: " ").map(String.init)
            let pattern = try RoutePattern(method: words[0], path: words[1])
            routes.append(Route(pattern: pattern, function: function))
        }
        self.init(routes)
    }

    fileprivate func key(_ method: String, _ path: String) -> String? {
        guard case .found(let match) = find(method: method, path: path) else { return nil }
        return match.route.pattern.key
    }
}
