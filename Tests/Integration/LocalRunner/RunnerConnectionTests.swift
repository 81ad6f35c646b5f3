import Glibc
import Testing

@Suite("Clients of the platform", .ownThread)
struct RunnerConnectionTests {
    @Test("Thousands of idle connections and a slow client disturb nobody")
    func idleConnections() throws {
        try allowDescriptors(4_096)
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        #expect(try runner.get("/desk/x").status == 200)
        let descriptors = runner.descriptorCount
        var idle = try (0..<2_000).map { _ in try runner.connect() }
        let slow = try runner.connect()
        for (place, byte) in Runner.request("GET", "/desk/x").dropLast().enumerated() {
            slow.send([byte])
            if place % 8 == 0 { #expect(try runner.get("/desk/x").status == 200) }
        }
        try runner.waitUntil("all connections") {
            try runner.metric("relais_open_connections") == 2_001
        }
        #expect(!idle.contains { $0.isClosed })
        slow.send([0x0A])
        #expect(try runner.answer(slow).status == 200)
        idle.removeAll()
        slow.leave()
        try runner.waitUntil("descriptors as before") { runner.descriptorCount <= descriptors }
    }

    @Test("Pipelined requests are answered in order, slow ones too")
    func pipelining() throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        let targets = [
            "/desk/slow", "/desk/x", "/_health", "/nowhere", "/desk/die", "/desk/slow", "/desk/x",
        ]
        let client = try runner.connect()
        client.send(Array(targets.map { Runner.request("GET", $0) }.joined()))
        let answers = try targets.map { _ in try runner.answer(client) }
        #expect(answers.map(\.status) == [200, 200, 200, 404, 502, 200, 200])
        #expect(answers[0].text == "slow" && answers[1].text == "hello")
        #expect(answers[2].text == "ok\n" && answers[5].text == "slow")
    }

    @Test("A client that leaves the line frees its place, and no instance works for it")
    func leavesTheLine() throws {
        let project = try FunctionFolder(.held(#""max": 1, "queue": 1"#))
        let runner = try Runner(project)
        defer { runner.end() }
        let first = try runner.begin("/desk/held")
        let waiting = #"relais_waiting_events{function="desk"}"#
        try runner.waitUntil("busy instance") {
            try runner.metric(#"relais_instances{function="desk",state="busy"}"#) == 1
        }
        let second = try runner.begin("/desk/die")
        try runner.waitUntil("somebody in line") { try runner.metric(waiting) == 1 }
        second.leave()
        try runner.waitUntil("empty line") { try runner.metric(waiting) == 0 }
        let third = try runner.begin("/desk/x")
        try project.release()
        #expect(try runner.answer(first).status == 200)
        #expect(try runner.answer(third).status == 200)
        #expect(try runner.metric(#"relais_instance_crashes_total{function="desk"}"#) == 0)
        #expect(try runner.metric("http_requests_in_flight") == 0)
    }

    @Test("A client that leaves in the middle costs its instance nothing")
    func leavesInFlight() throws {
        let project = try FunctionFolder(.held(#""max": 1"#))
        let runner = try Runner(project)
        defer { runner.end() }
        let former = try runner.get("/desk/x")
        let client = try runner.begin("/desk/held")
        try runner.waitUntil("busy instance") {
            try runner.metric(#"relais_instances{function="desk",state="busy"}"#) == 1
        }
        client.leave()
        try project.release()
        let next = try runner.get("/desk/x")
        #expect(next.status == 200)
        #expect(next[header: "x-instance"] == former[header: "x-instance"])
        #expect(try runner.metric("http_requests_in_flight") == 0)
    }

    @Test("A client that has said all it has to say still gets its answer")
    func halfClosed() throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        let client = try runner.begin("/desk/slow")
        client.endSending()
        #expect(try runner.answer(client).text == "slow")
        try runner.waitUntil("close") {
            client.move()
            return client.isClosed
        }
    }

    /// The test itself needs as many descriptors as it opens connections.
    private func allowDescriptors(_ count: rlim_t) throws {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < count else { return }
        limit.rlim_cur = min(limit.rlim_max, count)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(limit.rlim_cur >= count, "the system allows too few open files")
    }
}
