import FunctionContract
import Testing

@Suite("Limits of the platform", .ownThread)
struct RunnerLimitTests {
    @Test("What the line cannot hold is a 429 that says when to come back")
    func queueFull() throws {
        let project = try FunctionFolder(.held(#""max": 1, "queue": 2"#))
        let runner = try Runner(project)
        defer { runner.end() }
        let accepted = try (0..<3).map { _ in try runner.begin("/desk/held") }
        try runner.waitUntil("full line") {
            try runner.metric(#"relais_waiting_events{function="desk"}"#) == 2
        }
        let refused = try runner.get("/desk/x")
        #expect(refused.status == 429)
        #expect(refused.errorCode == "queue_full")
        #expect(refused[header: "retry-after"] == "1")
        try project.release()
        for client in accepted { #expect(try runner.answer(client).status == 200) }
        #expect(try runner.get("/desk/x").status == 200)
        #expect(try runner.metric(#"relais_refusals_total{function="desk"}"#) == 1)
    }

    @Test("Who waited too long for an instance gets a 503")
    func waitLimit() throws {
        let more = #""timeoutSeconds": 120, "concurrency": { "max": 1, "queueSeconds": 1 }"#
        let project = try FunctionFolder(.desk(more))
        let runner = try Runner(project)
        defer { runner.end() }
        let first = try runner.begin("/desk/held")
        try runner.waitUntil("busy instance") {
            try runner.metric(#"relais_instances{function="desk",state="busy"}"#) == 1
        }
        let started = ContinuousClock.now
        let refused = try runner.get("/desk/x")
        #expect(ContinuousClock.now - started < .seconds(30))
        #expect(refused.status == 503)
        #expect(refused.errorCode == "no_instance")
        #expect(refused[header: "retry-after"] == "1")
        try project.release()
        #expect(try runner.answer(first).status == 200)
    }

    @Test("Waiting in line does not count against the time that an event has")
    func deadline() throws {
        let program = """
            #!/usr/bin/env python3
            import json, sys, time
            for event in sys.stdin:
                began = int(time.time() * 1000)
                deadline = json.loads(event)["deadlinems"]
                time.sleep(0.4)
                ended = int(time.time() * 1000)
                print(json.dumps({"a": began, "b": ended, "d": deadline}), flush=True)
            """
        let more = #""timeoutSeconds": 60, "concurrency": { "max": 1, "queueSeconds": 120 }"#
        let runner = try Runner(try FunctionFolder(SampleFunction("clock", program, more)))
        defer { runner.end() }
        // Started before it counts: the time-out includes the start of the process.
        #expect(try runner.get("/clock/x").status == 200)
        let clients = try (0..<3).map { _ in try runner.begin("/clock/x") }
        var formerEnd = 0
        for client in clients {
            let told = try runner.answer(client).json
            let began = try #require(told["a"]?.integer)
            let deadline = try #require(told["d"]?.integer)
            // Its time began when the event before had been answered, and before it was read. The
            // clocks of both sides are read to the millisecond.
            #expect((formerEnd - 2...began + 2).contains(deadline - 60_000))
            formerEnd = try #require(told["b"]?.integer)
        }
    }

    @Test("A body of 6 MB goes through, one byte more is a 413")
    func bodyLimit() throws {
        let runner = try Runner(try FunctionFolder(.scale()))
        defer { runner.end() }
        let limit = [UInt8](repeating: UInt8(ascii: "x"), count: 6 * 1024 * 1024)
        let answer = try runner.request("POST", "/scale/x", body: limit)
        #expect(answer.text == #"{"length": 6291456}"#)
        let refused = try runner.request("POST", "/scale/x", body: limit + [0])
        #expect(refused.status == 413)
        #expect(refused.errorCode == "body_too_large")
    }

    @Test("A function may take less, and its client learns that before it sends the body")
    func ownBodyLimit() throws {
        let runner = try Runner(try FunctionFolder(.scale(#""bodyMegabytes": 2"#)))
        defer { runner.end() }
        for (path, length, status) in [
            ("/scale/x", 2_097_152, 100), ("/scale/x", 2_097_153, 413),
            ("/nowhere", 100_000, 404), ("/_metrics", 100_000, 404),
        ] {
            let client = try runner.connect()
            client.send(
                "POST \(path) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(length)\r\n\r\n"
            )
            let answer = try runner.answer(client)
            #expect(answer.status == status, "\(path)")
            if status != 100 { #expect(answer[header: "connection"] == "close") }
        }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 2_097_152)
        let answer = try runner.request("POST", "/scale/x", body: body)
        #expect(answer.text == #"{"length": 2097152}"#)
    }

    @Test("A queue of waiting requests has a length in bytes, too")
    func queueBytes() throws {
        let project = try FunctionFolder(
            .scale(#""concurrency": { "max": 1, "queueSeconds": 120 }"#)
        )
        let runner = try Runner(project)
        defer { runner.end() }
        let first = try runner.begin("/scale/held")
        try runner.waitUntil("busy instance") {
            try runner.metric(#"relais_instances{function="scale",state="busy"}"#) == 1
        }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 6_000_000)
        let clients = try (0..<2).map { _ in
            let client = try runner.connect()
            client.send(Runner.request("POST", "/scale/x", body: body))
            return client
        }
        try runner.waitUntil("two in line") {
            for client in clients { client.move() }
            return try runner.metric(#"relais_waiting_events{function="scale"}"#) == 2
        }
        let refused = try runner.request("POST", "/scale/x", body: body)
        #expect(refused.status == 429)
        #expect(refused.errorCode == "queue_full")
        try project.write("", to: "functions/scale/released")
        for client in [first] + clients { #expect(try runner.answer(client).status == 200) }
    }

    @Test("With few open files it takes few connections, and its functions still start")
    func fewFiles() throws {
        let runner = try Runner(
            try FunctionFolder(.desk()),
            through: ["/usr/bin/prlimit", "--nofile=160:160"]
        )
        defer { runner.end() }
        #expect(runner.messages.contains { $0.hasPrefix("the system allows 160 open files: ") })
        let clients = try (0..<300).map { _ in try runner.connect() }
        try runner.waitUntil("as many as it takes") {
            try runner.metric("relais_open_connections") ?? 0 > 60
        }
        let lucky = try #require(clients.first)
        lucky.send(Runner.request("GET", "/desk/x"))
        #expect(try runner.answer(lucky).status == 200)
    }

    @Test(
        "What nobody answers is a 404",
        arguments: [
            "/", "/desk", "/desk/", "/desk/a/b", "/_", "/_nothing", "/_metrics", "/_status",
            "/_invoke/desk",
        ]
    )
    func notFound(_ path: String) throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        let answer = try runner.get(path)
        #expect(answer.status == 404)
        #expect(answer.errorCode == "not_found")
        #expect(answer[header: "x-request-id"]?.utf8.count == 32)
    }

    @Test(
        "A wrong method is a 405 that names the right ones",
        arguments: [("/one", "GET, HEAD, POST"), ("/_health", "GET, HEAD")]
    )
    func wrongMethod(_ path: String, _ allowed: String) throws {
        let manifest = """
            {
              "triggers": [
                { "http": { "method": "GET", "path": "/one" } },
                { "http": { "method": "POST", "path": "/one" } }
              ],
              "command": ["cat"]
            }
            """
        let runner = try Runner(try FunctionFolder(SampleFunction("one", manifest: manifest)))
        defer { runner.end() }
        let answer = try runner.request("DELETE", path)
        #expect(answer.status == 405)
        #expect(answer.errorCode == "method_not_allowed")
        #expect(answer[header: "allow"] == allowed)
    }

    @Test("An instance that holds too much memory is replaced after its reply")
    func memory() throws {
        let program = """
            #!/usr/bin/env python3
            import json, os, sys
            hoard = b""
            for event in sys.stdin:
                hoard += b"x" * 20_000_000
                print(json.dumps({"process": os.getpid()}), flush=True)
            """
        let more = #""memoryMegabytes": 24"#
        let runner = try Runner(try FunctionFolder(SampleFunction("hoard", program, more)))
        defer { runner.end() }
        let first = try runner.get("/hoard/x")
        #expect(first.status == 200)
        try runner.waitForLog("hoard: replaced after its reply, it holds ")
        try runner.waitUntil("end of the instance") { runner.instances.isEmpty }
        let second = try runner.get("/hoard/x")
        #expect(second.status == 200)
        #expect(second.json["process"] != first.json["process"])
    }

    @Test("An idle instance is stopped, a prewarmed one stays")
    func idle() throws {
        let project = try FunctionFolder(.held(#""prewarmed": 1, "idleSeconds": 1"#))
        let runner = try Runner(project)
        defer { runner.end() }
        try runner.waitUntil("prewarmed instance") { runner.instances.count == 1 }
        let clients = try (0..<3).map { _ in try runner.begin("/desk/held") }
        try runner.waitUntil("three instances") { runner.instances.count == 3 }
        try project.release()
        for client in clients { #expect(try runner.answer(client).status == 200) }
        try runner.waitUntil("one instance") { runner.instances.count == 1 }
        let left = runner.instances
        #expect(try runner.get("/desk/x").status == 200)
        #expect(runner.instances == left)
    }
}
