import Database
import FunctionContract
import Glibc
import Testing

@Suite("Schedules", .ownThread)
struct FiredScheduleTests {
    private static let clerk = SampleFunction.clerk(
        "clerk",
        triggers: SampleFunction.schedule("tick")
    )

    @Test("Two runners on one database fire an instant once, and say how it ended")
    func twoRunners() throws {
        let project = try TriggeredProject(Self.clerk)
        try project.follow("tick", minutesAgo: 2)
        let runners = try (0..<2).map { _ in try project.serve() }
        defer { for runner in runners { runner.end() } }
        try project.database.waitUntil("end of the run") {
            try project.state(of: "tick") == "done"
        }
        for runner in runners { #expect(try runner.stop() == .code(0)) }
        let events = project.folder.events("clerk")
        let instants = try project.database.count(
            "SELECT count(*) FROM relais.schedule_instant WHERE state <> 'skipped'"
        )
        // Minutes may have begun meanwhile.
        #expect(events.count == instants && instants >= 1)
        #expect(Set(events.map { $0["time"]?.string }).count == instants)
        #expect(events[0]["type"] == "relais.schedule.fired")
        #expect(events[0]["subject"] == "tick")
        let time = try #require(events[0]["time"]?.string)
        let planned = try project.database.count(
            "SELECT count(*) FROM relais.schedule_instant WHERE instant = $1::timestamptz",
            .inferred(time)
        )
        #expect(planned == 1)
    }

    @Test(
        "A function that fails leaves its error",
        arguments: [
            (#"{"errorType":"Oops","errorMessage":"no luck"}"#, "failed: Oops: no luck"),
            ("die", "failed: the function ended before it replied"),
            ("hang", "failed: no reply within 1 s"),
        ]
    )
    func failure(_ order: String, _ state: String) throws {
        let limit = #""timeoutSeconds": \#(order == "hang" ? 1 : 120)"#
        let project = try TriggeredProject(
            .clerk("clerk", triggers: SampleFunction.schedule("tick"), limit)
        )
        try project.folder.order("clerk", order)
        try project.follow("tick", minutesAgo: 2)
        let runner = try project.serve()
        defer { runner.end() }
        try project.database.waitUntil("failure") {
            try project.state(of: "tick")?.hasPrefix("failed") == true
        }
        #expect(try project.state(of: "tick") == state)
    }

    @Test("An instant whose runner was killed is marked as failed once it is overdue")
    func killedRunner() throws {
        let triggers = SampleFunction.schedule("tick")
        let project = try TriggeredProject(
            .clerk("clerk", triggers: triggers, #""timeoutSeconds": 600"#)
        )
        try project.folder.order("clerk", "hang")
        try project.follow("tick", minutesAgo: 2)
        let runner = try project.serve()
        defer { runner.end() }
        try project.database.waitUntil("event") { !project.folder.events("clerk").isEmpty }
        runner.process.send(SIGKILL)
        _ = try runner.process.waitForExit()
        try recoverStalled(project)
        #expect(try project.state(of: "tick") == "running")
        try project.database.query("UPDATE relais.schedule_instant SET lease_until = now()")
        try recoverStalled(project)
        #expect(try project.state(of: "tick") == "failed: the runner did not say how it ended")
    }

    private func recoverStalled(_ project: TriggeredProject) throws {
        let reply = try FunctionRun("recover-stalled", on: project.database)
        #expect(reply.json["processed"] == 0)
    }

    @Test("What ran while the database was away is recorded when it is back")
    func recordedLater() throws {
        let triggers = SampleFunction.schedule("tick")
        let project = try TriggeredProject(
            .clerk("clerk", triggers: triggers, #""timeoutSeconds": 120"#)
        )
        try project.folder.order("clerk", "held")
        try project.follow("tick", minutesAgo: 2)
        let runner = try project.serve()
        defer { runner.end() }
        try project.database.waitUntil("event") { !project.folder.events("clerk").isEmpty }
        // Nobody can write there for a while.
        try project.database.query("ALTER TABLE relais.schedule_instant RENAME TO away")
        try project.folder.release("clerk")
        try runner.waitForLog("schedules: results to be recorded later: 1")
        try project.database.query("ALTER TABLE relais.away RENAME TO schedule_instant")
        try project.database.waitUntil("record") { try project.state(of: "tick") == "done" }
        let times = project.folder.events("clerk").map { $0["time"]?.string }
        #expect(Set(times).count == times.count)
    }

    @Test("The command shows when each fires next and how it went, and runs one now")
    func command() throws {
        let project = try TriggeredProject(
            .clerk("clerk", triggers: SampleFunction.schedule("tick", cron: "30 4 * * *"))
        )
        let fresh = try project.run("schedules")
        #expect(fresh.exit == .code(0))
        let lines = fresh.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.map(\.first) == ["SCHEDULE", "tick"])
        #expect(fresh.output.contains("30 4 * * *"))
        #expect(lines[1].suffix(2) == ["-", "-"])
        try project.database.query(
            "INSERT INTO relais.schedule_instant VALUES ('tick', '2026-01-02 04:30Z', 'failed',"
                + " 'r', now(), now(), now(), 'no luck')"
        )
        let told = try project.run("schedules").output
        #expect(told.contains("2026-01-02T04:30") && told.contains("failed: no luck"))
        let json = try project.run("schedules", "--json")
        let schedules = try JSONParser.parse(json.finished.output)
        #expect(schedules.array?.first?["next"]?.string?.contains("T04:30:00") == true)
        #expect(schedules.array?.first?["error"] == "no luck")
        let run = try project.run("schedules", "run", "tick")
        #expect(run.exit == .code(0))
        #expect(run.output.contains(#""processed":1"#))
        #expect(project.folder.events("clerk").map { $0["subject"]?.string } == ["tick"])
        let unknown = try project.run("schedules", "run", "tock")
        #expect(unknown.exit == .code(2))
        #expect(unknown.complaint.contains("there are tick"))
        try project.folder.order("clerk", #"{"errorType":"Oops","errorMessage":"no luck"}"#)
        #expect(try project.run("schedules", "run", "tick").exit == .code(1))
    }
}
