import FunctionContract
import Glibc
import Testing

/// A runner that is asked to end finishes what it has begun, and writes it down.
@Suite("The end of triggers", .ownThread)
struct TriggerDrainTests {
    @Test("What runs on a schedule ends and is recorded before the store goes")
    func schedule() throws {
        let project = try TriggeredProject(
            .clerk("clerk", triggers: SampleFunction.schedule("tick"))
        )
        try project.folder.order("clerk", "slow")
        try project.follow("tick", minutesAgo: 2)
        let runner = try project.serve()
        defer { runner.end() }
        try runner.waitUntil("event") { !project.folder.events("clerk").isEmpty }
        #expect(try runner.stop() == .code(0))
        #expect(try project.state(of: "tick") == "done")
    }

    @Test("What cannot be recorded to the end is said, and the exit code says so")
    func unrecorded() throws {
        let project = try TriggeredProject(
            .clerk("clerk", triggers: SampleFunction.schedule("tick"), #""timeoutSeconds": 120"#)
        )
        try project.folder.order("clerk", "held")
        try project.follow("tick", minutesAgo: 2)
        let runner = try project.serve(["--drain-seconds", "1"])
        defer { runner.end() }
        try runner.waitUntil("event") { !project.folder.events("clerk").isEmpty }
        try project.database.query("ALTER TABLE relais.schedule_instant RENAME TO away")
        try project.folder.release("clerk")
        try runner.waitForLog("results to be recorded later: 1")
        #expect(try runner.stop() == .code(1))
        try runner.waitForLog("results not recorded: 1")
    }

    @Test("What was stored and runs ends and is recorded; what waits is there for the next runner")
    func invocations() throws {
        let project = try TriggeredProject(
            .clerk(
                "clerk",
                triggers: SampleFunction.route("/clerk/{what}"),
                #""concurrency": { "max": 2 }"#
            )
        )
        try project.folder.order("clerk", "slow")
        let runner = try project.serve()
        defer { runner.end() }
        for number in 0..<8 { _ = try runner.invokeLater("clerk", "/clerk/\(number)") }
        try runner.waitUntil("events") { project.folder.events("clerk").count >= 2 }
        #expect(try runner.stop() == .code(0))
        let ran = project.folder.events("clerk").count
        let waiting = "SELECT count(*) FROM relais.task WHERE lease_until IS NULL AND attempts = 0"
        #expect(try project.database.count(waiting) == 8 - ran)
        #expect(try project.database.count("SELECT count(*) FROM relais.task") == 8 - ran)
        #expect(try project.database.count("SELECT sum(done) FROM relais.task_tally") == ran)
    }

    @Test("A queue's function ends its batch, and is not called again")
    func queue() throws {
        let project = try TriggeredProject(
            .clerk(
                "clerk",
                triggers: SampleFunction.queue("jobs"),
                #""timeoutSeconds": 120, "concurrency": {"max": 1}"#
            )
        )
        try project.folder.order("clerk", "held")
        let runner = try project.serve()
        defer { runner.end() }
        try project.enqueue(10, in: "jobs")
        try runner.waitUntil("event") { !project.folder.events("clerk").isEmpty }
        runner.process.send(SIGTERM)
        try runner.waitForLog("draining")
        try project.folder.release("clerk")
        #expect(try runner.wait("end") { runner.process.exit } == .code(0))
        #expect(project.folder.events("clerk").count == 1)
        #expect(try project.database.count("SELECT count(*) FROM relais.task") == 10)
    }

    @Test("Asked to end at every moment of its life, it leaves nothing that is only half done")
    func everyMoment() throws {
        let project = try TriggeredProject(
            .clerk(
                "clerk",
                triggers: SampleFunction.schedule("tick") + ","
                    + SampleFunction.route("/clerk/{what}")
            )
        )
        try project.database.query(
            """
            INSERT INTO relais.task (id, queue, run_at, kind, payload, max_attempts)
            SELECT gen_random_uuid(), 'invoke:clerk', now(), 'invocation', jsonb_build_object(
                'event', '{"version":"2.0","rawPath":"/clerk/1","requestContext":{"http":'
                || '{"method":"POST","path":"/clerk/1"}}}'), 3
            FROM generate_series(1, 40)
            """
        )
        for pause in stride(from: 0, to: 60, by: 10) {
            try project.database.query("DELETE FROM relais.schedule_instant")
            try project.follow("tick", minutesAgo: 2)
            let runner = try project.serve()
            defer { runner.end() }
            usleep(UInt32(pause) * 1000)
            #expect(try runner.stop() == .code(0), "after \(pause) ms")
            let state = try project.state(of: "tick")
            #expect(state == nil || state == "done", "after \(pause) ms")
            let held = "SELECT count(*) FROM relais.task WHERE lease_until IS NOT NULL"
            #expect(try project.database.count(held) == 0, "after \(pause) ms")
        }
        let tried = "SELECT coalesce(sum(attempts), 0) FROM relais.task"
        #expect(try project.database.count(tried) == 0)
    }
}
