import FunctionContract
import Testing

@Suite struct RouteTableTests {
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
            ("GET", "/any/", "ANY /{all+}"),
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
            let table = try RouteTable(keys: order)
            #expect(table.key(method, path) == route)
        }
    }

    @Test func parametersAreDecoded() throws {
        let table = try RouteTable(keys: ["GET /a/{first}/b/{second}", "GET /files/{path+}"])
        guard case .found(let match) = table.find(method: "GET", path: "/a/x%20y/b/%C3%A9") else {
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
        let table = try RouteTable(keys: ["GET /a", "POST /a", "DELETE /b/{id}", "PUT /b/me"])
        #expect(table.find(method: "PATCH", path: path) == .wrongMethod(allowed: allowed))
    }

    @Test func anUnknownPathIsNotFound() throws {
        let table = try RouteTable(keys: ["GET /a", "GET /b/{id}"])
        for path in ["/", "/c", "/a/b", "/b", "/b/", "/b/7/8"] {
            #expect(table.find(method: "GET", path: path) == .notFound, "\(path)")
        }
        #expect(RouteTable([]).find(method: "GET", path: "/") == .notFound)
    }

    @Test(
        arguments: [
            ("GET", "/a/", "GET /a"), ("GET", "/b/7/", "GET /b/{id}"), ("HEAD", "/a/", "GET /a"),
            ("GET", "/c/", "GET /c"), ("GET", "/c/d/", "GET /c/{rest+}"),
            ("GET", "/e/", "GET /e/"), ("GET", "/a//", nil), ("GET", "/b//", nil),
            ("GET", "//", nil),
        ] as [(String, String, String?)]
    )
    func aSlashAtTheEndIsAccepted(_ method: String, _ path: String, _ route: String?) throws {
        let keys = ["GET /a", "GET /b/{id}", "GET /c", "GET /c/{rest+}", "GET /e", "GET /e/"]
        #expect(try RouteTable(keys: keys).key(method, path) == route)
    }

    @Test func aWrongMethodWithASlashAtTheEndIsToldTheRightOnes() throws {
        let table = try RouteTable(keys: ["POST /a"])
        #expect(table.find(method: "GET", path: "/a/") == .wrongMethod(allowed: ["POST"]))
    }
}

extension RouteTable {
    /// A table whose targets are numbered in the order of their only routes.
    fileprivate init(keys: [String]) throws {
        var routes: [Route] = []
        for (target, key) in keys.enumerated() {
            let words = key.split(separator: " ").map(String.init)
            let pattern = try RoutePattern(method: words[0], path: words[1])
            routes.append(Route(pattern, target: target))
        }
        self.init(routes)
    }

    fileprivate func key(_ method: String, _ path: String) -> String? {
        guard case .found(let match) = find(method: method, path: path) else { return nil }
        return match.route.pattern.key
    }
}
