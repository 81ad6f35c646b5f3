import Testing

@testable import HTTPServer

@Suite struct HTTPHeadersTests {
    @Test func findsAFieldWhateverTheCase() {
        let headers: HTTPHeaders = [
            "Content-Type": "text/plain", "X-Empty": "", "A": "1", "a": "2",
        ]
        #expect(headers["content-type"] == "text/plain")
        #expect(headers["CONTENT-TYPE"] == "text/plain")
        #expect(headers["x-empty"] == "")
        #expect(headers["x-missing"] == nil)
        #expect(headers.values(of: "A") == ["1", "2"])
        #expect(headers.map(\.name) == ["content-type", "x-empty", "a", "a"])
    }

    @Test(arguments: ["a\rb", "a\nb", "a\r\nb: c", "a\0", "\u{7F}", "\u{1B}[0m"])
    func leavesOutAValueThatCouldEndItsLine(_ value: String) {
        var headers: HTTPHeaders = ["good": "yes"]
        headers.append("bad", value)
        #expect(headers.count == 1)
        #expect(headers.refused == "bad")
    }

    @Test(arguments: ["", "a b", "a:", "a\r\n", "é", "(a)"])
    func leavesOutANameThatIsNoToken(_ name: String) {
        var headers = HTTPHeaders()
        headers.append(name, "value")
        #expect(headers.isEmpty)
        #expect(headers.refused == name)
    }

    @Test func trimsBlanksAroundAValue() {
        let headers: HTTPHeaders = ["a": "  b c\t "]
        #expect(headers["a"] == "b c")
    }

    @Test func showsFieldsWithoutCopyingThem() {
        let headers: HTTPHeaders = ["One": "1", "Cookie": "c", "Two": "22"]
        var lengths: [[Int]] = []
        headers.forEachField(except: "cookie") { lengths.append([$0.count, $1.count]) }
        #expect(lengths == [[3, 1], [3, 2]])
    }

    @Test(arguments: [
        ([], false), (["a"], false), (["a", "b", "ab"], false), (["a", "b", "A"], true),
    ])
    func knowsWhetherANameIsThereTwice(_ names: [String], _ isRepeated: Bool) {
        var headers = HTTPHeaders()
        for name in names { headers.append(name, "1") }
        #expect(headers.repeatsNames == isRepeated)
    }
}

@Suite struct HTTPRequestTests {
    @Test(arguments: [
        ("/", "/", ""), ("/a/b", "/a/b", ""), ("/a?b=c", "/a", "b=c"), ("/a?", "/a", ""),
        ("/a?b?c", "/a", "b?c"), ("/a%2Fb?%20", "/a%2Fb", "%20"), ("*", "*", ""),
        ("http://h", "/", ""), ("http://h:80/p?q", "/p", "q"), ("http://h?q", "/", "q"),
        ("/a://b/c", "/a://b/c", ""), ("/r?u=http://h/p", "/r", "u=http://h/p"),
    ])
    func splitsItsTarget(_ target: String, _ path: String, _ query: String) {
        let request = HTTPRequest(
            method: "GET",
            target: target,
            headers: [:],
            body: [],
            keepsAlive: true,
            isHTTP10: false,
            peer: nil
        )
        #expect(request.path == path)
        #expect(request.query == query)
    }
}
