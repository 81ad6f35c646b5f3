import FunctionContract
import Testing

@Suite("A function under a watchdog in fork mode", .ownThread)
struct WatchdogTests {
    /// What of-watchdog sets for a request; classic-watchdog sets the last three besides.
    private static let request = [
        "Http_Method": "POST", "Http_Path": "/orders/7", "Http_Query": "a=1&b=%20x",
        "Http_Content_Type": "application/json", "Http_X_Call_Id": "call-1",
        "Http_X_Forwarded_For": "192.0.2.1", "Http_User_Agent": "me", "Http_Cookie": "a=1; b=2",
        "Http_Transfer_Encoding": "chunked", "Http_Host": "gateway",
        "Http_Content_Length": "8", "Http_ContentLength": "8",
    ]

    private func run(
        _ function: String,
        _ environment: [String: String],
        _ body: [UInt8] = []
    ) throws -> FinishedProcess {
        try FinishedProcess(
            running: try BuiltProduct.path(function),
            environment: environment.merging(["PATH": "/bin", "fprocess": "x"]) { $1 },
            input: body
        )
    }

    private func path(_ path: String, _ query: String = "") -> [String: String] {
        ["Http_Method": "GET", "Http_Path": path, "Http_Query": query]
    }

    @Test("The request is built from the environment and stdin")
    func request() throws {
        let process = try run("echo", Self.request, Array("{\n1\n}\n\n".utf8))
        #expect(process.exit == .code(0))
        let event = try process.reply()
        let http = event["requestContext"]?["http"]
        #expect(http?["method"] == "POST")
        #expect(http?["path"] == "/orders/7")
        #expect(http?["userAgent"] == "me")
        #expect(event["requestContext"]?["requestId"] == "call-1")
        #expect(event["rawPath"] == "/orders/7")
        #expect(event["rawQueryString"] == "a=1&b=%20x")
        #expect(event["queryStringParameters"] == ["a": "1", "b": " x"])
        #expect(event["cookies"] == ["a=1", "b=2"])
        #expect(event["headers"]?["content-type"] == "application/json")
        #expect(event["headers"]?["x-forwarded-for"] == "192.0.2.1")
        #expect(event["headers"]?["host"] == "gateway")
        #expect(event["headers"]?["method"] == nil)
        #expect(event["headers"]?["cookie"] == nil)
        #expect(event["body"] == "{\n1\n}\n\n")
    }

    @Test("A request may have no headers, no query and no body")
    func bareRequest() throws {
        let event = try run("echo", ["Http_Method": "GET"]).reply()
        #expect(event["rawPath"] == "/")
        #expect(event["headers"] == [:])
        #expect(event["body"] == nil)
        #expect(event["queryStringParameters"] == nil)
    }

    @Test("A body keeps its exact bytes, binary or not")
    func binaryBodies() throws {
        let bytes: [UInt8] = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let event = try run("echo", ["Http_Method": "POST"], bytes).reply()
        #expect(event["isBase64Encoded"] == true)
        #expect(event["body"]?.string.flatMap(Base64.decode) == bytes)
        let answer = try run("test-scenarios", path("/binary"))
        #expect(answer.output == Array(0...255))
        #expect(answer.exit == .code(0))
    }

    @Test("stdout is exactly the body, without an added line feed")
    func exactAnswer() throws {
        #expect(try run("test-scenarios", path("/cookies")).outputText == "sweet")
        #expect(try run("test-scenarios", path("/status", "count=204")).outputText == "status 204")
    }

    @Test(
        "A status other than 2xx gives exit code 1, which becomes a 500",
        arguments: [200, 204, 299, 302, 304, 401, 404, 500, 503]
    )
    func statuses(_ status: Int) throws {
        let process = try run("test-scenarios", path("/status", "count=\(status)"))
        let isSuccess = (200..<300).contains(status)
        #expect(process.outputText == "status \(status)")
        #expect(process.exit == .code(isSuccess ? 0 : 1))
        // The operator learns what the caller cannot.
        #expect(process.errorText.contains("status \(status) is lost") != isSuccess)
    }

    @Test("The path is percent-encoded as it was sent")
    func path() throws {
        let event = try run("echo", ["Http_Method": "GET", "Http_Path": "/a b/é/100%"]).reply()
        #expect(event["rawPath"] == "/a%20b/%C3%A9/100%25")
    }

    @Test(
        "The watchdog's time limit applies, or the shortest default without one",
        arguments: [
            (nil, 1...9000), ("2s", 1...1800), ("3", 1...2700), ("1h", 9001...899_000),
            ("0", 9001...899_000), ("soon", 9001...899_000),
        ] as [(String?, ClosedRange<Int>)]
    )
    func timeLimit(_ limit: String?, _ remaining: ClosedRange<Int>) throws {
        var environment = path("/remaining")
        environment["exec_timeout"] = limit
        let reply = try run("test-scenarios", environment).reply()
        #expect(remaining.contains(try #require(reply["milliseconds"]?.integer)))
    }

    @Test("A failure gives exit code 1 and the failure as the body")
    func failures() throws {
        let process = try run("test-scenarios", path("/fail"))
        #expect(process.exit == .code(1))
        #expect(try process.reply()["errorType"] == "OutOfPaper")
        let large = try run("test-scenarios", path("/large", "count=\(Limits.replyBytes)"))
        #expect(large.exit == .code(1))
        #expect(try large.reply()["errorType"] == "Function.ResponseSizeTooLarge")
        let unprepared = try run(
            "test-prepared",
            ["Http_Method": "GET", "PREPARATION_FAILS": "no route to host"]
        )
        #expect(unprepared.exit == .code(1))
        #expect(try unprepared.reply()["errorMessage"] == "no route to host")
    }

    @Test("A body at the limit is accepted, and one byte more is refused", arguments: [0, 1])
    func limit(_ excess: Int) throws {
        let body = [UInt8](repeating: UInt8(ascii: "b"), count: Limits.bodyBytes + excess)
        let process = try run("test-scenarios", path("/cookies"), body)
        #expect(process.exit == .code(CInt(excess)))
        #expect(process.outputText.contains(excess == 0 ? "sweet" : "EventTooLarge"))
    }

    @Test("A library's output goes to the log, not to the answer")
    func noise() throws {
        #expect(try run("test-scenarios", path("/print")).outputText == "clean")
    }

    @Test("A function without routes handles a posted CloudEvent")
    func cloudEvents() throws {
        let event = #"{"specversion":"1.0","id":"1","source":"/","type":"relais.queue.ready"}"#
        let environment = [
            "Http_Method": "POST", "Http_Content_Type": "application/cloudevents+json",
        ]
        let process = try run("test-batch", environment, Array(event.utf8))
        #expect(try process.reply() == ["processed": 0, "remaining": 0])
    }
}
