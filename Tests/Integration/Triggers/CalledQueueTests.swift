import Database
import FunctionContract
import Testing

@Suite("Queues", .ownThread)
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
            // There is no task that a look could find: only the reply tells.
            #expect(ContinuousClock.now - began < .seconds(60))
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
        #expect(ContinuousClock.now - began < .milliseconds(delay) + .seconds(30))
    }

    @Test("As many calls as there are tasks, up to what the function may have")
    func depth() throws {
        for (tasks, instances) in [(2, 2), (20, 3)] {
            let project = try Self.project(
                #""timeoutSeconds": 300, "concurrency": { "max": 3 }"#
            )
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
        try runner.waitUntil("more calls than one burst has") {
            _ = try runner.get("/front")
            return calls(project) > 4
        }
        let times = try callTimes(project)
        #expect(times.count { $0 < times[0] + 900 } <= 4)
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
        try runner.waitUntil("two seconds") {
            #expect(try runner.get("/front").status == 200)
            let times = try callTimes(project)
            return (times.last ?? 0) - (times.first ?? 0) > 2_000
        }
        // At 0, 0.1, 0.3, 0.7, 1.2, 1.7 s; later only where the machine is busy.
        let times = try callTimes(project)
        #expect(times.count { $0 <= times[0] + 2_000 } <= 7)
        // It is still called soon after somebody else says that there is work.
        let count = calls(project)
        try runner.waitUntil("call", within: .seconds(30)) { calls(project) > count }
    }

    /// When the worker was called, in milliseconds: each call ends ten seconds later at most.
    private func callTimes(_ project: TriggeredProject) throws -> [Int] {
        try project.folder.events("worker").map { event in
            try #require(event["deadlinems"]?.integer) - 10_000
        }.sorted()
    }

    @Test("A batch that leaves work behind is followed at once")
    func remaining() throws {
        let project = try Self.project(#""concurrency": { "max": 1 }"#)
        try project.folder.order("worker", #"{"processed":1,"remaining":1}"#)
        let runner = try project.serve()
        defer { runner.end() }
        _ = try runner.get("/front")
        // With the rests of a function that does nothing so many take half a minute.
        try runner.waitUntil("many calls", within: .seconds(25)) { calls(project) >= 60 }
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
        #expect((90..<600).contains(oldest))
    }
}
