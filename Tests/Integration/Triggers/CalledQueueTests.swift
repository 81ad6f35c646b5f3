import Database
import FunctionContract
import Testing

@Suite("Queues", .timeLimit(.minutes(60)))
struct CalledQueueTests {
    /// The function of the queue, and one that says over HTTP that the queue has work.
    private static func project(_ more: String = "") throws -> TriggeredProject {
        let project = try TriggeredProject(
            .clerk("worker", triggers: SampleFunction.queue("jobs"), more),
            .clerk("front", triggers: SampleFunction.route("/front"))
        )
        try project.folder.order("front", #"{"statusCode":200,"wake":["jobs"]}"#)
        return project
    }

    private static let oops = #"{"errorType":"Oops","errorMessage":"no luck"}"#

    private func calls(_ project: TriggeredProject) -> Int {
        project.folder.events("worker").count
    }

    @Test("A reply that says so wakes the queue at once, every time")
    func wake() throws {
        let project = try Self.project()
        let runner = try project.serve()
        defer { runner.end() }
        for count in 1...3 {
            let began = ContinuousClock.now
            #expect(try runner.get("/front").status == 200)
            try runner.waitUntil("call \(count)") { calls(project) >= count }
            #expect(ContinuousClock.now - began < .seconds(1))
        }
        let event = project.folder.events("worker")[0]
        #expect(event["type"] == "relais.queue.ready")
        #expect(event["data"]?["queue"] == "jobs")
    }

    @Test("Work that nobody told of is found, now or when it is due", arguments: [0, 700])
    func lostHint(_ delay: Int) throws {
        let project = try Self.project()
        let runner = try project.serve()
        defer { runner.end() }
        let began = ContinuousClock.now
        try project.enqueue(1, in: "jobs", delay: "\(delay) ms")
        try runner.waitUntil("call") { calls(project) > 0 }
        #expect(ContinuousClock.now - began > .milliseconds(delay))
        #expect(ContinuousClock.now - began < .milliseconds(delay) + .seconds(6))
    }

    @Test("As many calls as there are tasks, up to what the function may have")
    func depth() throws {
        for (tasks, instances) in [(2, 2), (20, 3)] {
            let project = try Self.project(#""concurrency": { "max": 3 }"#)
            try project.folder.order("worker", "hang")
            let runner = try project.serve()
            defer { runner.end() }
            try project.enqueue(tasks, in: "jobs")
            try runner.waitUntil("calls") { calls(project) == instances }
            // Looking again and being told again changes nothing.
            for _ in 0..<3 { _ = try runner.get("/front") }
            let busy = #"relais_instances{function="worker",state="busy"}"#
            #expect(try runner.metric(busy) == Double(instances))
            #expect(calls(project) == instances)
        }
    }

    @Test(
        "A function that fails is called again after one second, then two: it does not spin",
        arguments: Load.isFull ? [oops, "die"] : [oops]
    )
    func failure(_ order: String) throws {
        let project = try Self.project()
        try project.folder.order("worker", order)
        let runner = try project.serve()
        defer { runner.end() }
        try project.enqueue(50, in: "jobs")
        try runner.waitUntil("first call") { calls(project) > 0 }
        let first = ContinuousClock.now
        let burst = calls(project)
        try runner.waitUntil("one second more") {
            _ = try runner.get("/front")
            return calls(project) > 4
        }
        #expect(ContinuousClock.now - first > .milliseconds(900))
        #expect(burst <= 4)
        try project.folder.order("worker", #"{"processed":1}"#)
        let failed = calls(project)
        try runner.waitUntil("recovery") { calls(project) > failed }
    }

    @Test("A function that wakes its own queue and does nothing rests in between")
    func selfWaking() throws {
        let project = try Self.project()
        try project.folder.order("worker", #"{"processed":0,"wake":["jobs"]}"#)
        let runner = try project.serve()
        defer { runner.end() }
        let began = ContinuousClock.now
        while ContinuousClock.now - began < .seconds(2) {
            #expect(try runner.get("/front").status == 200)
        }
        // At 0, 0.1, 0.3, 0.7, 1.2, 1.7 s.
        #expect((3...7).contains(calls(project)))
        // It is still called soon after somebody else says that there is work.
        let count = calls(project)
        try runner.waitUntil("call", within: .seconds(1)) { calls(project) > count }
    }

    @Test("A batch that leaves work behind is followed at once")
    func remaining() throws {
        let project = try Self.project(#""concurrency": { "max": 1 }"#)
        try project.folder.order("worker", #"{"processed":1,"remaining":1}"#)
        let runner = try project.serve()
        defer { runner.end() }
        _ = try runner.get("/front")
        try runner.waitUntil("many calls", within: .seconds(5)) { calls(project) >= 50 }
        try project.folder.order("worker", #"{"processed":1}"#)
    }

    @Test("The command tells how the queues stand")
    func command() throws {
        let project = try Self.project()
        #expect(try project.run("tasks").output == "No queue holds anything.\n")
        try project.enqueue(3, in: "jobs", delay: "-90 s")
        try project.enqueue(1, in: "later", delay: "1 day")
        let lines = try project.run("tasks").output.split(separator: "\n")
        #expect(lines.count == 3)
        let words = lines.map { $0.split(separator: " ").map(String.init) }
        #expect(Array(words[1].prefix(3)) == ["jobs", "3", "0"])
        #expect(Array(words[2].prefix(3)) == ["later", "0", "0"])
        let json = try JSONParser.parse(try project.run("tasks", "--json").finished.output)
        let oldest = try #require(json.array?.first?["oldestReadySeconds"]?.integer)
        #expect((90..<150).contains(oldest))
    }
}
