import FunctionContract
import Testing

@Suite("local-runner invoke and event", .ownThread)
struct InvokeCommandTests {
    @Test("An event from a file or from stdin gives its reply", arguments: ["file", "-", "stdin"])
    func events(_ place: String) throws {
        let project = try FunctionFolder(.mirror)
        let event = #"{"version":"2.0","rawPath":"/mirror/x","body":"hi"}"#
        try project.write(event, to: "event.json")
        let words = place == "stdin" ? [] : ["--event", place == "-" ? "-" : "event.json"]
        let run = try CommandRun(
            ["invoke", "mirror"] + words,
            in: project,
            input: place == "file" ? [] : Array(event.utf8)
        )
        #expect(run.exit == .code(0), "\(run.complaint)")
        let reply = try JSONParser.parse(run.finished.output)
        #expect(reply["statusCode"] == 200)
        let seen = try JSONParser.parse(Array((reply["body"]?.string ?? "").utf8))
        #expect(seen["rawPath"] == "/mirror/x")
        #expect(seen["pathParameters"] == ["what": "x"])
        #expect(seen["routeKey"] == "ANY /mirror/{what}")
        #expect(seen["body"] == "hi")
    }

    @Test("A deadline of long ago is replaced by the time-out of the function")
    func deadline() throws {
        let project = try FunctionFolder(.mirror)
        let event = #"{"version":"2.0","rawPath":"/","deadlinems":1000}"#
        let run = try CommandRun(
            ["invoke", "mirror", "--body-only"],
            in: project,
            input: Array(event.utf8)
        )
        let seen = try JSONParser.parse(run.finished.output)
        #expect(try #require(seen["deadlinems"]?.integer) > 1_700_000_000_000)
    }

    @Test("The body alone is what a client would get")
    func bodyOnly() throws {
        let run = try CommandRun(
            ["invoke", "desk", "--body-only"],
            in: try FunctionFolder(.desk()),
            input: Array("{}".utf8)
        )
        #expect(run.output == "hello\n")
        #expect(run.exit == .code(0))
    }

    @Test(
        "A function that fails is exit code 1, and stderr says why",
        arguments: [
            ("die", "ended before it replied"), ("garbage", "no reply"), ("failure", ""),
            ("badstatus", "statusCode"), ("hang", "no reply within 1 s"),
        ]
    )
    func failing(_ what: String, _ problem: String) throws {
        let event = #"{"rawPath":"/desk/x","pathParameters":{"what":"\#(what)"}}"#
        let run = try CommandRun(
            ["invoke", "desk"],
            in: try FunctionFolder(.desk(#""timeoutSeconds": \#(what == "hang" ? 1 : 60)"#)),
            input: Array(event.utf8)
        )
        #expect(run.exit == .code(1))
        #expect(run.complaint.contains(problem))
        #expect((what == "failure") == run.output.contains("no luck"))
    }

    @Test("A status of 500 or more is exit code 1 and still printed")
    func serverError() throws {
        let program = "#!/bin/sh\nread -r event\necho '{\"statusCode\":503,\"body\":\"later\"}'\n"
        let project = try FunctionFolder(
            SampleFunction("shop", program, #""framing": "one-shot""#)
        )
        let run = try CommandRun(["invoke", "shop"], in: project, input: Array("{}\n".utf8))
        #expect(run.exit == .code(1))
        #expect(run.output.contains("later"))
    }

    @Test("Sample events are events", arguments: ["http", "schedule", "queue"])
    func samples(_ kind: String) throws {
        let project = try FunctionFolder(.echo, .mirror)
        let sample = try CommandRun(["event", kind], in: project)
        #expect(sample.exit == .code(0) && sample.complaint.isEmpty)
        _ = try Event.decode(sample.finished.output)
        let run = try CommandRun(
            ["invoke", "mirror"],
            in: project,
            input: sample.finished.output
        )
        #expect(run.exit == .code(0), "\(run.complaint)")
    }

    @Test("A sample request is what the options say, and Swift understands it")
    func request() throws {
        let project = try FunctionFolder(.echo)
        let sample = try CommandRun(
            [
                "event", "http", "--method", "post", "--path", "/a/b?x=1&x=2", "--header",
                "X-Key: a:b", "--body", "{\"a\":1}",
            ],
            in: project
        )
        let run = try CommandRun(
            ["invoke", "echo", "--body-only"],
            in: project,
            input: sample.finished.output
        )
        #expect(run.exit == .code(0), "\(run.complaint)")
        let seen = try JSONParser.parse(run.finished.output)
        #expect(seen["rawPath"] == "/a/b")
        #expect(seen["queryStringParameters"] == ["x": "1,2"])
        #expect(seen["headers"]?["x-key"] == "a:b")
        #expect(seen["requestContext"]?["http"]?["method"] == "POST")
        #expect(seen["body"] == "{\"a\":1}")
    }

    @Test("Schedules and queues have the names that are asked for")
    func names() throws {
        let project = try FunctionFolder(.desk())
        let queue = try CommandRun(["event", "queue", "--name", "mail"], in: project)
        let event = try JSONParser.parse(queue.finished.output)
        #expect(event["type"] == "relais.queue.ready")
        #expect(event["data"]?["queue"] == "mail")
        let schedule = try CommandRun(["event", "schedule", "--name", "night"], in: project)
        let fired = try JSONParser.parse(schedule.finished.output)
        #expect(fired["type"] == "relais.schedule.fired")
        #expect(fired["subject"] == "night")
        #expect(fired["time"]?.string?.hasSuffix(":00.000Z") == true)
    }
}
