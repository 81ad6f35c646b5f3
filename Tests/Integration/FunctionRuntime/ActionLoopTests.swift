import FunctionContract
import Testing

@Suite("A function as an OpenWhisk action", .ownThread)
struct ActionLoopTests {
    @Test("One process answers activations one by one until stdin ends")
    func activations() throws {
        let proxy = try ActionLoopProxy("test-prepared")
        defer { proxy.end() }
        for calls in 1...5 {
            #expect(try proxy.run([:])["body"]?.string == #"{"calls":\#(calls)}"#)
        }
        proxy.process.closeInput()
        #expect(try proxy.process.waitForExit() == .code(0))
        #expect(try proxy.process.everything(of: 3).isEmpty)
    }

    @Test("A proxy that expects no acknowledgement gets none")
    func withoutAcknowledgement() throws {
        let proxy = try ActionLoopProxy("echo", waitsForAcknowledgement: false)
        defer { proxy.end() }
        #expect(try proxy.run([:])["statusCode"] == 200)
    }

    @Test("Without preparation there is no acknowledgement")
    func preparation() throws {
        let process = try ChildProcess(
            try BuiltProduct.path("test-prepared"),
            environment: ["__OW_WAIT_FOR_ACK": "1", "PREPARATION_FAILS": "no route to host"],
            outputs: [1, 2, 3]
        )
        defer { process.end() }
        #expect(try process.everything(of: 3).isEmpty)
        #expect(try process.waitForExit() == .code(1))
        let errors = String(decoding: try process.everything(of: 2), as: UTF8.self)
        #expect(errors.contains("no route to host"))
    }

    @Test("Without descriptor 3 the function fails with a clear message")
    func missingDescriptor() throws {
        let process = try FinishedProcess(
            running: try BuiltProduct.path("echo"),
            environment: ["__OW_WAIT_FOR_ACK": "1"]
        )
        #expect(process.exit == .code(1))
        #expect(process.errorText.contains("write failed: Bad file descriptor"))
    }

    @Test("The environment holds the activation's metadata, but not its parameters")
    func environment() throws {
        let proxy = try ActionLoopProxy("test-scenarios", environment: ["GREETING": "hello"])
        defer { proxy.end() }
        let request: JSON = ["__ow_method": "get", "__ow_path": "/environment"]
        for key in ["first", "second"] {
            let fields = JSONObject([("api_key", .string(key)), ("transaction_id", ["a", 1])])
            let variables = try FunctionUnderTest.echoed(try proxy.run(request, fields))
            #expect(variables["__OW_API_KEY"]?.string == key)
            #expect(variables["__OW_NAMESPACE"] == "guest")
            #expect(variables["__OW_TRANSACTION_ID"] == #"["a",1]"#)
            #expect(variables["__OW_VALUE"] == nil)
            #expect(variables["PATH"] == nil)
            #expect(variables["GREETING"] == "hello")
        }
    }

    @Test(
        "The function gets the activation's deadline and id",
        arguments: [true, false]
    )
    func deadline(_ isText: Bool) throws {
        let proxy = try ActionLoopProxy("test-scenarios")
        defer { proxy.end() }
        let deadline: JSON = isText ? "4102444800000" : 4_102_444_800_000
        let result = try proxy.run(
            ["__ow_method": "get", "__ow_path": "/remaining"],
            JSONObject([("deadline", deadline)])
        )
        let body = try FunctionUnderTest.echoed(result)
        // The year 2100: later than the 15 minutes of an event without a deadline.
        #expect(try #require(body["milliseconds"]?.integer) > 900_000)
        let name = try proxy.run(["__ow_method": "get", "__ow_path": "/log"])["body"]
        #expect(name == "activation-2")
    }

    @Test("Failures become error objects, and the process continues")
    func failures() throws {
        let proxy = try ActionLoopProxy("test-scenarios")
        defer { proxy.end() }
        func path(_ path: String, _ query: String = "") -> JSON {
            ["__ow_method": "get", "__ow_path": .string(path), "__ow_query": .string(query)]
        }
        #expect(try proxy.run(path("/fail")) == ["error": "OutOfPaper: OutOfPaper(sheets: 0)"])
        let large = try proxy.run(path("/large", "count=\(Limits.replyBytes)"))
        #expect(large["error"]?.string?.hasPrefix("Function.ResponseSizeTooLarge: ") == true)
        for line in ["nonsense", "{}", #"{"value":1}"#, #"{"value":{"specversion":"0.3"}}"#] {
            let result = try proxy.send(line)
            #expect(result["error"]?.string?.hasPrefix("MalformedEvent: ") == true)
        }
        #expect(try proxy.run(path("/reject"))["statusCode"] == 422)
        #expect(try proxy.run(path("/print"))["body"] == "clean")
    }

    @Test("stdout and stderr are logs")
    func logs() throws {
        let proxy = try ActionLoopProxy("test-scenarios")
        defer { proxy.end() }
        _ = try proxy.run(["__ow_method": "get", "__ow_path": "/print"])
        #expect(try proxy.process.line(of: 1) == Array("noise by write".utf8))
        _ = try proxy.run(["__ow_method": "get", "__ow_path": "/log"])
        let entry = try JSONParser.parse(try #require(try proxy.process.line(of: 2)))
        #expect(entry["requestId"] == "activation-2")
    }
}

@Suite("Requests to an OpenWhisk action", .ownThread)
struct ActivationTests {
    private func echo(_ value: JSON) throws -> JSON {
        let proxy = try ActionLoopProxy("echo")
        defer { proxy.end() }
        return try FunctionUnderTest.echoed(try proxy.run(value))
    }

    @Test("Plain parameters are the JSON body of a POST")
    func plainParameters() throws {
        let event = try echo(["name": "Jane", "tags": [1, nil]])
        #expect(event["requestContext"]?["http"]?["method"] == "POST")
        #expect(event["requestContext"]?["requestId"] == "activation-1")
        #expect(event["headers"] == ["content-type": "application/json"])
        #expect(event["body"] == #"{"name":"Jane","tags":[1,null]}"#)
    }

    @Test("A raw web action's request arrives unchanged")
    func rawWebAction() throws {
        let event = try echo([
            "__ow_method": "post", "__ow_path": "/a/b", "__ow_query": "x=1&y=%20",
            "__ow_headers": [
                "Content-Type": "application/json", "cookie": "a=1; b=2", "user-agent": "me",
            ],
            "__ow_body": .string(Base64.encode(Array(#"{ "k": 1 }"#.utf8))),
        ])
        #expect(event["rawPath"] == "/a/b")
        #expect(event["rawQueryString"] == "x=1&y=%20")
        #expect(event["queryStringParameters"] == ["x": "1", "y": " "])
        #expect(event["cookies"] == ["a=1", "b=2"])
        #expect(event["headers"] == ["content-type": "application/json", "user-agent": "me"])
        #expect(event["requestContext"]?["http"]?["userAgent"] == "me")
        #expect(event["body"] == #"{ "k": 1 }"#)
    }

    @Test(
        "Text bodies arrive as text, all others as base64",
        arguments: [
            ("text/plain", "YWJj", "YWJj"), ("Text/HTML; charset=utf-8", "YWJj", "YWJj"),
            ("application/x-www-form-urlencoded", "a=b", "a=b"),
            ("application/xml", "<a/>", "<a/>"),
            ("application/json", "YWJj", "abc"), ("image/png", "YWJj", "abc"),
            ("image/png", "not base64", "not base64"),
        ]
    )
    func bodies(_ contentType: String, _ sent: String, _ received: String) throws {
        let event = try echo([
            "__ow_method": "put", "__ow_headers": ["content-type": .string(contentType)],
            "__ow_body": .string(sent),
        ])
        #expect(event["body"]?.string == received)
        #expect(event["isBase64Encoded"] == false)
        #expect(event["rawPath"] == "/")
    }

    @Test("Merged parameters are the query of a GET and the body of a POST")
    func mergedParameters() throws {
        let get = try echo(["__ow_method": "get", "q": "a b&c", "n": 3])
        #expect(get["queryStringParameters"] == ["n": "3", "q": "a b&c"])
        #expect(get["body"] == nil)
        let post = try echo([
            "__ow_method": "post", "q": "a",
            "__ow_headers": ["content-type": "application/x-www-form-urlencoded"],
        ])
        #expect(post["body"] == #"{"q":"a"}"#)
        #expect(post["headers"] == ["content-type": "application/json"])
        let empty = try echo(["__ow_method": "post", "__ow_body": ""])
        #expect(empty["body"] == nil)
    }

    @Test("An event in our own format arrives unchanged")
    func events() throws {
        let event: JSON = ["rawPath": "/mine", "requestContext": ["requestId": "r"]]
        #expect(try echo(event)["rawPath"] == "/mine")
        let batch = try ActionLoopProxy("test-batch")
        defer { batch.end() }
        let result = try batch.run([
            "specversion": "1.0", "id": "1", "source": "/", "type": "relais.queue.ready",
            "data": ["queue": "send", "remaining": 2],
        ])
        #expect(result == ["processed": 4, "remaining": 2])
    }

    @Test("A web action's parameters are never interpreted as an event")
    func strangers() throws {
        let batch = try ActionLoopProxy("test-batch")
        defer { batch.end() }
        let result = try batch.run([
            "__ow_method": "post", "specversion": "1.0", "id": "1", "source": "/",
            "type": "relais.queue.ready",
        ])
        #expect(result["error"]?.string?.hasPrefix("UnsupportedEvent") == true)
    }
}

@Suite("Replies of an OpenWhisk action", .ownThread)
struct ActionResultTests {
    private func result(_ path: String, _ query: String = "") throws -> JSON {
        let proxy = try ActionLoopProxy("test-scenarios")
        defer { proxy.end() }
        return try proxy.run(
            ["__ow_method": "get", "__ow_path": .string(path), "__ow_query": .string(query)]
        )
    }

    @Test("A reply has its status, headers and every cookie")
    func cookies() throws {
        #expect(
            try result("/cookies") == [
                "statusCode": 200,
                "headers": ["content-type": "text/plain", "set-cookie": ["a=1; Path=/", "b=2"]],
                "body": "sweet",
            ]
        )
        #expect(try result("/status", "count=404")["statusCode"] == 404)
    }

    @Test("Binary bodies are base64, which the platform decodes")
    func binary() throws {
        let body = try #require(try result("/binary")["body"]?.string)
        #expect(Base64.decode(body) == Array(0...255))
    }
}
