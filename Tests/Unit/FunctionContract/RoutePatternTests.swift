import FunctionContract
import Testing

@Suite struct RoutePatternTests {
    @Test(arguments: [
        ("/", "/", [:]), ("/a", "/a", [:]), ("/a/b", "/a/b", [:]), ("/{id}", "/7", ["id": "7"]),
        ("/a/{id}/b", "/a/7/b", ["id": "7"]), ("/{a}/{b_2}", "/x/y", ["a": "x", "b_2": "y"]),
        ("/{id}", "/a%20b%2Fc", ["id": "a b/c"]), ("/{id}", "/%C3%A9+", ["id": "é+"]),
        ("/files/{path+}", "/files/a", ["path": "a"]),
        ("/files/{path+}", "/files/a/b/c", ["path": "a/b/c"]),
        ("/files/{path+}", "/files/a/", ["path": "a/"]),
        ("/files/{path+}", "/files//", ["path": "/"]),
        ("/files/{path+}", "/files/a%20b/c", ["path": "a b/c"]), ("/{all+}", "/x", ["all": "x"]),
        ("/{a}/{rest+}", "/1/2/3", ["a": "1", "rest": "2/3"]), ("/a/", "/a/", [:]),
        ("/a.b", "/a.b", [:]),
    ])
    func matches(pattern: String, path: String, parameters: [String: String]) throws {
        let route = try RoutePattern(method: "GET", path: pattern)
        #expect(route.match(RoutePattern.split(path)) == parameters)
    }

    @Test(arguments: [
        ("/", "/a"), ("/a", "/"), ("/a", "/b"), ("/a", "/A"), ("/a", "/a/"), ("/a/", "/a"),
        ("/a", "/a/b"),
        ("/a/b", "/a"), ("/{id}", "/"), ("/{id}", "//"), ("/{id}", "/1/2"), ("/a/{id}", "/a/"),
        ("/a/{id}", "/b/1"), ("/files/{path+}", "/files"), ("/files/{path+}", "/files/"),
        ("/{all+}", "/"),
        ("/a", "/%61"), ("/a", "//a"),
    ])
    func isAnotherRoute(pattern: String, path: String) throws {
        let route = try RoutePattern(method: "GET", path: pattern)
        #expect(route.match(RoutePattern.split(path)) == nil)
    }

    @Test func keepsWhatItWasMadeOf() throws {
        let route = try RoutePattern(method: "POST", path: "/webhooks/{provider}/{rest+}")
        #expect(route.key == "POST /webhooks/{provider}/{rest+}")
        #expect(route.segments == [.literal("webhooks"), .parameter("provider"), .rest("rest")])
        #expect(route.segments.map(\.precedence) == [0, 1, 2])
    }

    @Test(arguments: RoutePattern.methods) func knowsEachMethod(method: String) throws {
        #expect(try RoutePattern(method: method, path: "/").method.rawValue == method)
    }

    @Test(arguments: [
        ("get", "/", "expected one of ANY, GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
        ("BREW", "/", "expected one of ANY, GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
        ("GET", "", "expected a path that starts with \"/\""),
        ("GET", "a/b", "expected a path that starts with \"/\""),
        ("GET", "/a?b=1", "expected a path in ASCII without query, fragment or spaces"),
        ("GET", "/a#b", "expected a path in ASCII without query, fragment or spaces"),
        ("GET", "/a b", "expected a path in ASCII without query, fragment or spaces"),
        ("GET", "/é", "expected a path in ASCII without query, fragment or spaces"),
        ("GET", "/{", "expected {name} to be a whole segment of \"/{\""),
        ("GET", "/}", "expected {name} to be a whole segment of \"/}\""),
        ("GET", "/{}", "expected {name} to be a whole segment of \"/{}\""),
        ("GET", "/{+}", "expected {name} to be a whole segment of \"/{+}\""),
        ("GET", "/a{b}", "expected {name} to be a whole segment of \"/a{b}\""),
        ("GET", "/{a}b", "expected {name} to be a whole segment of \"/{a}b\""),
        ("GET", "/{a-b}", "expected {name} to be a whole segment of \"/{a-b}\""),
        ("GET", "/{a}{b}", "expected {name} to be a whole segment of \"/{a}{b}\""),
        ("GET", "/{a}/{a}", "expected each {name} once in \"/{a}/{a}\""),
        ("GET", "/{a}/{a+}", "expected each {name} once in \"/{a}/{a+}\""),
        ("GET", "/{a+}/b", "expected nothing after {name+} in \"/{a+}/b\""),
        ("GET", "/{a+}/", "expected nothing after {name+} in \"/{a+}/\""),
    ])
    func refuses(method: String, path: String, message: String) {
        #expect(throws: ContractError(message)) { try RoutePattern(method: method, path: path) }
    }
}
