import Glibc
import Testing

@Suite("The end of the platform", .ownThread)
struct RunnerDrainTests {
    @Test("SIGTERM loses nothing that was accepted, in flight or in line", arguments: 0..<2)
    func drain(_ kind: Int) throws {
        let project = try FunctionFolder(.held(#""max": 1"#))
        let runner = try Runner(project)
        defer { runner.end() }
        let clients = try (0..<4).map { _ in try runner.begin("/desk/held") }
        try runner.waitUntil("three in line") {
            try runner.metric(#"relais_waiting_events{function="desk"}"#) == 3
        }
        let idle = try runner.connect()
        runner.process.send([SIGTERM, SIGINT][kind])
        try runner.waitForLog("draining: requests in flight have 25 s to finish")
        try runner.waitUntil("closed door") { (try? runner.connect()) == nil }
        try project.release()
        for client in clients {
            let answer = try runner.answer(client)
            #expect(answer.status == 200)
            #expect(answer[header: "connection"] == "close")
        }
        try runner.waitUntil("end of the idle connection") {
            idle.move()
            return idle.isClosed
        }
        #expect(try runner.wait("end") { runner.process.exit } == .code(0))
        #expect(ProcessTable.children(of: runner.process.id).isEmpty)
    }

    @Test("Idle, it ends at once and takes its instances along")
    func idle() throws {
        let runner = try Runner(try FunctionFolder(.desk(#""concurrency": { "prewarmed": 3 }"#)))
        defer { runner.end() }
        try runner.waitUntil("prewarmed instances") { runner.instances.count == 3 }
        let instances = runner.instances
        let started = ContinuousClock.now
        #expect(try runner.stop() == .code(0))
        // At once, and not when the 25 s are over that requests in flight would have.
        #expect(ContinuousClock.now - started < .seconds(15))
        #expect(instances.allSatisfy { ProcessTable.members(ofGroup: $0).isEmpty })
    }

    @Test("Not ready while draining, but alive")
    func readiness() throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        #expect(try runner.get("/_ready").text == "ready\n")
        // Requests that have begun are answered, which is how to ask once the door is closed.
        let clients = try ["/_ready", "/_health"].map { target in
            let client = try runner.connect()
            client.send(Array(Runner.request("GET", target).dropLast()))
            return client
        }
        try runner.waitUntil("both connections") {
            try runner.metric("relais_open_connections") == 2
        }
        runner.process.send(SIGTERM)
        try runner.waitForLog("draining")
        for client in clients { client.send([0x0A]) }
        let ready = try runner.answer(clients[0])
        #expect(ready.status == 503)
        #expect(ready.errorCode == "draining")
        #expect(try runner.answer(clients[1]).status == 200)
        #expect(try runner.wait("end") { runner.process.exit } == .code(0))
    }

    @Test(
        "Given notice, it is not ready and yet takes requests, until the door closes",
        arguments: [("serve", []), ("dev", ["--build", "true"])]
    )
    func notice(_ command: String, _ options: [String]) throws {
        let patient = try Runner(
            try FunctionFolder(.desk()),
            options + ["--notice-seconds", "60"],
            command: command
        )
        defer { patient.end() }
        patient.process.send(SIGTERM)
        try patient.waitForLog("not ready any more")
        #expect(try patient.get("/_ready").status == 503)
        #expect(try patient.get("/_health").status == 200)
        let brief = try Runner(
            try FunctionFolder(.desk()),
            options + ["--notice-seconds", "1"],
            command: command
        )
        defer { brief.end() }
        #expect(try brief.stop() == .code(0))
        try brief.waitForLog("not ready any more")
        try brief.waitForLog("draining")
    }

    @Test("Given notice, a client with kept connections loses no request")
    func keptConnections() throws {
        let runner = try Runner(try FunctionFolder(.desk()), ["--notice-seconds", "60"])
        defer { runner.end() }
        let request = Runner.request("POST", "/desk/x", body: Array("{}".utf8))
        let clients = try (0..<8).map { _ in try runner.connect() }
        for client in clients {
            client.send(request)
            #expect(try runner.answer(client)[header: "connection"] == nil)
        }
        runner.process.send(SIGTERM)
        try runner.waitForLog("not ready any more")
        for client in clients {
            client.send(request)
            let answer = try runner.answer(client)
            #expect(answer.status == 200)
            #expect(answer[header: "connection"] == "close")
            try runner.waitUntil("end of the connection") {
                client.move()
                return client.isClosed
            }
            let next = try runner.request("POST", "/desk/x", body: Array("{}".utf8))
            #expect(next.status == 200)
            #expect(next[header: "connection"] == "close")
        }
    }

    @Test("A second signal ends it at once", arguments: [SIGTERM, SIGINT])
    func secondSignal(_ signal: CInt) throws {
        let runner = try Runner(try FunctionFolder(.desk(#""timeoutSeconds": 60"#)))
        defer { runner.end() }
        let client = try runner.begin("/desk/hang")
        try runner.waitUntil("instance") { runner.instances.count == 1 }
        let instances = runner.instances
        runner.process.send(SIGTERM)
        try runner.waitForLog("draining")
        #expect(runner.process.exit == nil)
        runner.process.send(signal)
        #expect(try runner.wait("end") { runner.process.exit } == .code(1))
        try runner.waitForLog("ended at once; requests in flight were lost")
        try runner.waitUntil("end of the instances") {
            instances.allSatisfy { ProcessTable.members(ofGroup: $0).isEmpty }
        }
        client.leave()
    }

    @Test("What takes longer than the drain may take is cut off, and the exit code says so")
    func deadline() throws {
        let project = try FunctionFolder(.desk(#""timeoutSeconds": 60"#))
        let runner = try Runner(project, ["--drain-seconds", "1"])
        defer { runner.end() }
        let client = try runner.begin("/desk/hang")
        try runner.waitUntil("instance") { runner.instances.count == 1 }
        let instances = runner.instances
        #expect(try runner.stop() == .code(1))
        try runner.waitForLog("1 request was cut off")
        let answer = try runner.answer(client)
        #expect(answer.status == 502)
        #expect(answer[header: "connection"] == "close")
        try runner.waitUntil("end of the instances") {
            instances.allSatisfy { ProcessTable.members(ofGroup: $0).isEmpty }
        }
    }

    @Test("Each request that is cut off counts, also those of one batch and those in line")
    func cutOffCount() throws {
        let project = try FunctionFolder(.held(#""max": 1, "batch": 2"#))
        let runner = try Runner(project, ["--drain-seconds", "1"])
        defer { runner.end() }
        let held = try runner.begin("/desk/held")
        let waiting = #"relais_waiting_events{function="desk"}"#
        let busy = #"relais_instances{function="desk",state="busy"}"#
        try runner.waitUntil("a busy instance") { try runner.metric(busy) == 1 }
        let clients = try (0..<3).map { _ in try runner.begin("/desk/hang") }
        try runner.waitUntil("three in line") { try runner.metric(waiting) == 3 }
        try project.release()
        #expect(try runner.answer(held).status == 200)
        try runner.waitUntil("a batch of two") { try runner.metric(waiting) == 1 }
        #expect(try runner.stop() == .code(1))
        try runner.waitForLog("3 requests were cut off")
        for client in clients { client.leave() }
    }

    @Test("Killed, it leaves no instance behind")
    func killed() throws {
        let project = try FunctionFolder(.held(#""prewarmed": 2"#))
        let runner = try Runner(project)
        defer { runner.end() }
        try runner.waitUntil("instances") { runner.instances.count == 2 }
        let client = try runner.begin("/desk/held")
        try runner.waitUntil("busy instance") {
            try runner.metric(#"relais_instances{function="desk",state="busy"}"#) == 1
        }
        let instances = runner.instances
        runner.process.send(SIGKILL)
        #expect(try runner.wait("end") { runner.process.exit } == .signal(SIGKILL))
        try project.release()
        try runner.waitUntil("end of the instances") {
            instances.allSatisfy { ProcessTable.members(ofGroup: $0).isEmpty }
        }
        client.leave()
    }
}
