import FunctionContract
import Testing

@Suite("Operating the platform", .ownThread)
struct RunnerOperationTests {
    @Test("A function sees the environment that it declares, and no secret of the platform")
    func environment() throws {
        let more = #""environment": ["GREETING", "MISSING?"]"#
        let runner = try Runner(
            try FunctionFolder(.desk(more)),
            environment: [
                "GREETING": "hi", "SIGNING_KEY": "secret", "API_TOKEN": "secret",
                "HOME": "/root", "LANG": "C", "LOG_LEVEL": "debug",
            ]
        )
        defer { runner.end() }
        let words = try runner.get("/desk/environment").text.split(separator: " ")
        let names = words.map { String($0.prefix { $0 != "=" }) }
        #expect(
            Set(names).subtracting(["PWD", "OLDPWD", "SHLVL", "_"]) == [
                "FUNCTION_NAME", "FUNCTION_STREAM", "GREETING", "LANG", "LOG_LEVEL", "PATH",
            ]
        )
        #expect(words.contains("GREETING=hi"))
        let descriptors = try #require(ProcessTable.descriptors(of: runner.instances[0]))
        // The shell keeps its own copy of the script open.
        #expect(descriptors.keys.filter { $0 < 10 }.sorted() == [0, 1, 2])
    }

    @Test("Health and readiness are answered without any function")
    func health() throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        for (path, text) in [("/_health", "ok\n"), ("/_ready", "ready\n")] {
            let answer = try runner.get(path)
            #expect((answer.status, answer.text) == (200, text))
            #expect(try runner.request("HEAD", path).status == 200)
        }
        #expect(runner.instances.isEmpty)
    }

    @Test("Metrics are in the format of Prometheus and count what happened")
    func metrics() throws {
        let runner = try Runner(try FunctionFolder(.desk(#""concurrency": { "max": 1 }"#)))
        defer { runner.end() }
        for what in ["x", "x", "die", "failure"] { _ = try runner.get("/desk/\(what)") }
        _ = try runner.get("/nowhere")
        try runner.waitUntil("count of the crash") {
            try runner.metric(#"relais_instance_crashes_total{function="desk"}"#) == 1
        }
        let page = try runner.askAsOperator("GET", "/_metrics")
        #expect(page[header: "content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        let exposition = ExpositionPage(page.text)
        #expect(exposition.problems == [])
        let requests = #"http_requests_total{function="desk",method="GET",code="#
        #expect(exposition.values[requests + #""200"}"#] == 2)
        #expect(exposition.values[requests + #""502"}"#] == 1)
        #expect(exposition.values[requests + #""500"}"#] == 1)
        #expect(
            exposition.values[#"http_requests_total{function="",method="GET",code="404"}"#] == 1
        )
        #expect(exposition.values[#"relais_instance_starts_total{function="desk"}"#] == 2)
        #expect(exposition.values[#"relais_instance_crashes_total{function="desk"}"#] == 1)
        #expect(exposition.values[#"relais_instances{function="desk",state="idle"}"#] == 1)
        let descriptors = exposition.values["process_open_fds"] ?? 0
        #expect(abs(descriptors - Double(runner.descriptorCount)) <= 2)
    }

    @Test("Every answer has a request id: the client's when it is fit, else a new one")
    func requestIDs() throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        let kept = try runner.get("/desk/x", headers: ["X-Request-Id": "order-17/a"])
        #expect(kept[header: "x-request-id"] == "order-17/a")
        for unfit in ["a b", "\"", String(repeating: "x", count: 129)] {
            let answer = try runner.get("/desk/x", headers: ["X-Request-Id": unfit])
            #expect(answer[header: "x-request-id"]?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        }
    }

    @Test("A trace is passed on, or started under the request id")
    func traces() throws {
        let runner = try Runner(try FunctionFolder(.mirror))
        defer { runner.end() }
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let passed = try runner.get("/mirror/x", headers: ["Traceparent": trace])
        #expect(passed.json["headers"]?["traceparent"]?.string == trace)
        let started = try runner.get("/mirror/x")
        let id = try #require(started[header: "x-request-id"])
        let parts = started.json["headers"]?["traceparent"]?.string?.split(separator: "-") ?? []
        #expect(parts.count == 4 && parts[1] == id)
        let named = try runner.get("/mirror/x", headers: ["X-Request-Id": "order-17"])
        let text = named.json["headers"]?["traceparent"]?.string ?? ""
        #expect(text.wholeMatch(of: /00-[0-9a-f]{32}-[0-9a-f]{16}-01/) != nil)
    }

    @Test("An IPv6 address is written as one, in the log and in an event")
    func addresses() throws {
        let runner = try Runner(try FunctionFolder(.mirror), ["--host", "[::1]"])
        defer { runner.end() }
        #expect(runner.messages.contains("listening on http://[::1]:\(runner.port)"))
        let other = try Runner(try FunctionFolder(.mirror))
        defer { other.end() }
        for (target, host, name) in [
            ("/mirror/x", "[::1]:8080", "[::1]"), ("/mirror/x", "a.example:1", "a.example"),
            ("http://b.example:2/mirror/x", "a.example", "b.example"),
        ] {
            let client = try other.connect()
            client.send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            let event = try other.answer(client).json
            #expect(event["requestContext"]?["domainName"]?.string == name)
            #expect(event["rawPath"] == "/mirror/x")
        }
    }

    @Test("One log line tells of each request")
    func accessLog() throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        _ = try runner.get("/desk/x?secret=1", headers: ["X-Request-Id": "r1"])
        let entry = try runner.wait("log line") {
            runner.log.first { $0["event"]?.string == "request" }
        }
        #expect(entry["method"] == "GET")
        #expect(entry["path"] == "/desk/x")
        #expect(entry["status"] == 200)
        #expect(entry["bytes"] == 5)
        #expect(entry["function"] == "desk")
        #expect(entry["requestId"] == "r1")
        #expect(entry["peer"] == "127.0.0.1")
        #expect(entry["microseconds"]?.integer != nil)
    }

    @Test("The log can do without requests, and speak to people")
    func quietLog() throws {
        let runner = try Runner(try FunctionFolder(.desk()), ["--access-log", "off"])
        defer { runner.end() }
        _ = try runner.get("/desk/x")
        #expect(try runner.stop() == .code(0))
        _ = try runner.wait("rest of the log") { runner.messages.last?.hasPrefix("draining") }
        #expect(!runner.log.contains { $0["event"]?.string == "request" })
    }

    @Test("Only the functions that are asked for are served")
    func only() throws {
        let project = try FunctionFolder(.desk(), .mirror)
        let runner = try Runner(project, ["--only", "mirror"])
        defer { runner.end() }
        #expect(runner.log.last?["functions"] == ["mirror"])
        #expect(try runner.get("/mirror/x").status == 200)
        #expect(try runner.get("/desk/x").status == 404)
    }
}
