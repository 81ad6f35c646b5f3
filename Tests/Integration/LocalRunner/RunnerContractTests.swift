import FunctionContract
import Testing

/// Any language can be a function: the same contract, proven with sh, Python and Swift.
@Suite("Functions in any language", .ownThread)
struct RunnerContractTests {
    @Test("Status, headers, cookies and body come back", arguments: SampleFunction.answering)
    func answers(_ function: SampleFunction) throws {
        let runner = try Runner(try FunctionFolder(function))
        defer { runner.end() }
        for text in ["first", "second, déjà vu", "third 🎈"] {
            let answer = try runner.request("POST", "/\(function)/x", body: Array(text.utf8))
            #expect(answer.status == 201)
            #expect(answer.text == text)
            #expect(answer[header: "x-from"] == function.name)
            #expect(answer[header: "content-type"] == "application/json")
            let cookies = answer.headers.filter { $0.name == "set-cookie" }.map(\.value)
            #expect(cookies == ["a=1", "b=2; Path=/"])
        }
        #expect(try runner.stop() == .code(0))
    }

    @Test("Every byte survives both ways", arguments: SampleFunction.answering)
    func bytes(_ function: SampleFunction) throws {
        let runner = try Runner(try FunctionFolder(function))
        defer { runner.end() }
        let body = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 256) }
        #expect(Set(body).count == 256)
        #expect(try runner.request("POST", "/\(function)/x", body: body).body == body)
    }

    @Test("A function sees the event that AWS would send", arguments: ["mirror", "echo"])
    func event(_ name: String) throws {
        let project = try FunctionFolder(name == "echo" ? .echo : .mirror)
        let runner = try Runner(project)
        defer { runner.end() }
        let answer = try runner.request(
            "PUT",
            "/\(name)/a%20b?x=1&y=%C3%A9&x=2",
            headers: [
                "Cookie": "c=1; d=2", "X-Request-Id": "order-17", "User-Agent": "test/1",
                "X-List": "one",
            ],
            body: Array(#"{"a":"é"}"#.utf8)
        )
        let event = answer.json
        #expect(event["version"] == "2.0")
        #expect(event["routeKey"]?.string == "ANY /\(name)/{what}")
        #expect(event["rawPath"]?.string == "/\(name)/a%20b")
        #expect(event["rawQueryString"] == "x=1&y=%C3%A9&x=2")
        #expect(event["cookies"] == ["c=1", "d=2"])
        #expect(event["queryStringParameters"] == ["x": "1,2", "y": "é"])
        #expect(event["pathParameters"] == ["what": "a b"])
        #expect(event["headers"]?["x-list"] == "one")
        #expect(event["headers"]?["cookie"] == nil)
        #expect(event["body"] == #"{"a":"é"}"#)
        #expect(event["isBase64Encoded"] == false)
        checkContext(event["requestContext"] ?? .null, name)
        checkTimes(event)
        #expect(answer[header: "x-request-id"] == "order-17")
    }

    private func checkContext(_ context: JSON, _ name: String) {
        #expect(context["accountId"]?.string != nil && context["apiId"]?.string != nil)
        #expect(context["domainName"] == "localhost")
        #expect(context["domainPrefix"] == "localhost")
        #expect(context["requestId"] == "order-17")
        #expect(context["routeKey"]?.string == "ANY /\(name)/{what}")
        #expect(context["stage"] == "$default")
        let http = context["http"]
        #expect(http?["method"] == "PUT")
        #expect(http?["path"]?.string == "/\(name)/a%20b")
        #expect(http?["protocol"] == "HTTP/1.1")
        #expect(http?["sourceIp"] == "127.0.0.1")
        #expect(http?["userAgent"] == "test/1")
    }

    private func checkTimes(_ event: JSON) {
        let context = event["requestContext"]
        let time = context?["time"]?.string ?? ""
        #expect(time.wholeMatch(of: /\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000/) != nil)
        let now = context?["timeEpoch"]?.integer ?? 0
        let deadline = event["deadlinems"]?.integer ?? 0
        // The time-out, from when an instance got the event: later than the request came.
        #expect((9_990...60_000).contains(deadline - now))
    }

    @Test("A header that repeats is one, and every header is text", arguments: [true, false])
    func headers(_ repeats: Bool) throws {
        let runner = try Runner(try FunctionFolder(.mirror))
        defer { runner.end() }
        let client = try runner.connect()
        var head = Array("GET /mirror/x HTTP/1.1\r\nHost: a\r\nCookie: c=1\r\nX-A: \"é".utf8)
        head += [0xFF] + Array("\r\n".utf8)
        if repeats { head += Array("X-B: 1\r\nCookie: d=2\r\nx-b: 2\r\n".utf8) }
        client.send(head + Array("\r\n".utf8))
        let event = try runner.answer(client).json
        #expect(event["headers"]?["x-a"] == "\"é\u{FFFD}")
        #expect(event["headers"]?["x-b"]?.string == (repeats ? "1,2" : nil))
        #expect(event["headers"]?["cookie"] == nil)
        #expect(event["headers"]?["traceparent"]?.string?.utf8.count == 55)
        #expect(event["cookies"] == (repeats ? ["c=1", "d=2"] : ["c=1"]))
    }

    @Test("JSON without a status is a 200 with that JSON as its body")
    func plainJSON() throws {
        let program = """
            #!/bin/sh
            while IFS= read -r event; do echo '  {"answer": [1, 2]}'; done
            """
        let runner = try Runner(try FunctionFolder(SampleFunction("plain", program)))
        defer { runner.end() }
        let answer = try runner.get("/plain/x")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"answer": [1, 2]}"#)
        #expect(answer[header: "content-type"] == "application/json")
    }

    @Test("HEAD is answered by GET, without its body")
    func head() throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        let answer = try runner.request("HEAD", "/desk/x")
        #expect(answer.status == 200)
        #expect(answer[header: "content-length"] == "5")
        #expect(answer.body.isEmpty)
    }
}
