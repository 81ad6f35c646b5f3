import FunctionContract
import Testing

@Suite("Calls of the Lambda Runtime API", .ownThread)
struct RuntimeAPITests {
    @Test("Events and answers use one connection")
    func cycle() throws {
        let api = try ScriptedRuntimeAPI("test-prepared")
        defer { api.end() }
        for calls in 1...5 {
            let next = try api.call()
            #expect(next.method == "GET")
            #expect(next.path == "/2018-06-01/runtime/invocation/next")
            #expect(next.headers["content-length"] == nil)
            try api.deliver("{}", id: "id-\(calls)")
            let answer = try api.call()
            #expect(answer.method == "POST")
            #expect(answer.path == "/2018-06-01/runtime/invocation/id-\(calls)/response")
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.json["body"]?.string == #"{"calls":\#(calls)}"#)
            try api.answer()
        }
        #expect(api.connections == 1)
    }

    @Test("The function gets the call's deadline, request id and trace")
    func headers() throws {
        let api = try ScriptedRuntimeAPI("test-scenarios")
        defer { api.end() }
        _ = try api.call()
        let far = "Lambda-Runtime-Deadline-Ms: \(Int64.max)\r\n"
        try api.deliver(#"{"rawPath":"/remaining"}"#, headers: far)
        let body = try FunctionUnderTest.echoed(try api.call().json)
        #expect(try #require(body["milliseconds"]?.integer) > 1_000_000_000_000)
        try api.answer()

        _ = try api.call()
        let trace = "lambda-runtime-trace-id:Root=1-5bef4de7;Sampled=1 \r\n"
        try api.deliver(#"{"rawPath":"/log"}"#, id: "the-name", headers: trace)
        #expect(try api.call().json["body"] == "the-name")
        let line = try #require(try api.function.line(of: 2))
        let entry = try JSONParser.parse(line)
        #expect(entry["requestId"] == "the-name")
        #expect(entry["traceId"] == "Root=1-5bef4de7;Sampled=1")
    }

    @Test("A failure is posted with its category, and the next event is taken")
    func failures() throws {
        let api = try ScriptedRuntimeAPI("test-scenarios")
        defer { api.end() }
        let cases = [
            ("{\"rawPath\":\"/fail\"}", "OutOfPaper", "Function.OutOfPaper"),
            ("nonsense", "MalformedEvent", "Function.MalformedEvent"),
            (
                #"{"rawPath":"/large","rawQueryString":"count=7000000"}"#,
                "Function.ResponseSizeTooLarge", "Function.ResponseSizeTooLarge"
            ),
        ]
        for (event, type, category) in cases {
            _ = try api.call()
            try api.deliver(event)
            let call = try api.call()
            #expect(call.path == "/2018-06-01/runtime/invocation/id-1/error")
            #expect(call.json["errorType"]?.string == type)
            #expect(call.json["errorMessage"]?.string?.isEmpty == false)
            #expect(call.json["stackTrace"] == [])
            #expect(call.headers["lambda-runtime-function-error-type"] == category)
            try api.answer()
        }
    }

    @Test("An error type that the platform would refuse is omitted")
    func categories() throws {
        let api = try ScriptedRuntimeAPI("test-batch")
        defer { api.end() }
        _ = try api.call()
        try api.deliver(
            #"{"specversion":"1.0","id":"1","source":"/","type":"relais.queue.ready","#
                + #""data":{"queue":"broken"}}"#
        )
        let call = try api.call()
        #expect(call.json["errorType"] == "bad_request")
        #expect(call.headers["lambda-runtime-function-error-type"] == "Function.Unknown")
    }

    @Test("A failed preparation is posted as an init error and ends the process")
    func preparation() throws {
        let api = try ScriptedRuntimeAPI(
            "test-prepared",
            environment: ["PREPARATION_FAILS": "no route to host"]
        )
        defer { api.end() }
        let call = try api.call()
        #expect(call.path == "/2018-06-01/runtime/init/error")
        #expect(call.json["errorMessage"] == "no route to host")
        #expect(call.headers["lambda-runtime-function-error-type"] == "Function.NoDatabase")
        try api.answer()
        #expect(try api.waitForEnd().exit == .code(1))
        #expect(!api.hasWaitingConnection)
    }

    @Test(
        "An answer refused by the platform is logged, and the next event is taken",
        arguments: [400, 403, 413]
    )
    func refusedAnswers(_ status: Int) throws {
        let api = try ScriptedRuntimeAPI("echo")
        defer { api.end() }
        _ = try api.call()
        try api.deliver("{}", id: "refused")
        #expect(try api.call().name == "response")
        try api.answer(status)
        #expect(try api.call().name == "next")
        let entry = try JSONParser.parse(try #require(try api.function.line(of: 2)))
        #expect(entry["requestId"] == "refused")
        #expect(entry["message"]?.string?.contains("\(status)") == true)
    }

    @Test("A broken reply to an answer ends the process", arguments: [500, 503])
    func brokenAfterAnswer(_ status: Int) throws {
        let api = try ScriptedRuntimeAPI("echo")
        defer { api.end() }
        _ = try api.call()
        try api.deliver("{}")
        _ = try api.call()
        try api.answer(status)
        let (exit, log) = try api.waitForEnd()
        #expect(exit == .code(1))
        #expect(log.contains("the Runtime API answered \(status)"))
        #expect(!api.hasWaitingConnection)
    }

    @Test("A broken reply instead of an event ends the process", arguments: [403, 410, 500])
    func brokenInsteadOfEvent(_ status: Int) throws {
        let api = try ScriptedRuntimeAPI("echo")
        defer { api.end() }
        _ = try api.call()
        try api.answer(status)
        let (exit, log) = try api.waitForEnd()
        #expect(exit == .code(1))
        #expect(log.contains("the Runtime API answered \(status) to a call for an event"))
        // Not an init error: this process was ready.
        #expect(!api.hasWaitingConnection)
    }

    @Test(
        "An invalid address gives a clear error",
        arguments: [
            ("host:port", "expected host:port"), (":9001", "expected host:port"),
            ("1:2:3", "expected host:port"),
            ("does-not-exist.invalid:1", "cannot resolve does-not-exist.invalid"),
        ]
    )
    func addresses(_ address: String, _ sentence: String) throws {
        let process = try FinishedProcess(
            running: try BuiltProduct.path("echo"),
            environment: ["AWS_LAMBDA_RUNTIME_API": address]
        )
        #expect(process.exit == .code(1))
        #expect(process.errorText.contains(sentence))
    }

    @Test("An unreachable platform gives a clear error")
    func unreachable() throws {
        let port = try SilentPort()
        let process = try FinishedProcess(
            running: try BuiltProduct.path("echo"),
            environment: ["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port.number)"]
        )
        #expect(process.exit == .code(1))
        let sentence = "cannot connect to the Lambda Runtime API at 127.0.0.1:\(port.number)"
        #expect(process.errorText.contains(sentence))
    }
}
