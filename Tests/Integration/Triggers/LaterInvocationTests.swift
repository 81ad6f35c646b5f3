import Database
import FunctionContract
import Glibc
import Testing

@Suite("Asynchronous invocation", .ownThread)
struct LaterInvocationTests {
    private static func project(_ more: String = "") throws -> TriggeredProject {
        try TriggeredProject(
            .clerk("clerk", triggers: SampleFunction.route("/clerk/{what}"), more)
        )
    }

    private func live(_ project: TriggeredProject) throws -> Int {
        try project.database.count("SELECT count(*) FROM relais.task")
    }

    @Test("It is taken with 202, runs, and is gone")
    func journey() throws {
        let project = try Self.project()
        let runner = try project.serve()
        defer { runner.end() }
        let answer = try runner.invokeLater("clerk", "/clerk/1")
        #expect(answer.status == 202)
        #expect(answer.json["id"]?.string.flatMap { UUID($0) } != nil)
        try runner.waitUntil("run") { try live(project) == 0 }
        #expect(project.folder.events("clerk") == [["path": "/clerk/1"]])
        #expect(
            try project.database.count(
                "SELECT sum(done) FROM relais.task_tally WHERE queue = 'invoke:clerk'"
            ) == 1
        )
    }

    @Test("No 202 without a row: the store is killed, or the database refuses")
    func notStored() throws {
        let project = try Self.project()
        let runner = try project.serve()
        defer { runner.end() }
        let owner = Connection(project.database.ownerURL)
        try owner.transaction { (transaction) throws(DatabaseError) in
            try transaction.query("LOCK TABLE relais.task")
            let killed = Result { () throws -> RunnerAnswer in
                let client = try RunnerClient(socket: runner.operatorSocket)
                client.send(Runner.invocation("clerk", "/clerk/1"))
                // The insert waits for the lock; whoever makes it dies.
                try runner.waitUntil("waiting insert") {
                    client.move()
                    return try project.database.count(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND query LIKE '%INSERT INTO relais.task%'"
                            + " AND datname = current_database()"
                    ) > 0
                }
                for instance in runner.instances { kill(instance, SIGKILL) }
                return try runner.answer(client)
            }
            #expect((try? killed.get().status) == 503)
            #expect((try? killed.get().errorCode) == "not_stored")
        }
        // The server may have gone on without the one who asked; the caller was told nothing else.
        #expect(try live(project) <= 1)
        try project.database.query("TRUNCATE relais.task")
        try project.database.query("ALTER TABLE relais.task RENAME TO away")
        let refused = try runner.invokeLater("clerk", "/clerk/2")
        #expect(refused.status == 503)
        #expect(refused[header: "retry-after"] == "5")
        try project.database.query("ALTER TABLE relais.away RENAME TO task")
        #expect(try runner.invokeLater("clerk", "/clerk/3").status == 202)
        try runner.waitUntil("run") {
            project.folder.events("clerk").contains(["path": "/clerk/3"])
        }
    }

    @Test("A runner that is killed right after the 202 loses nothing")
    func killedRunner() throws {
        let project = try Self.project()
        let runner = try project.serve()
        defer { runner.end() }
        #expect(try runner.invokeLater("clerk", "/clerk/1").status == 202)
        try runner.crash()
        try project.database.query(
            "UPDATE relais.task SET lease_until = now() WHERE lease_token > 0"
        )
        let next = try project.serve()
        defer { next.process.end() }
        try next.waitUntil("run") { try live(project) == 0 }
        #expect(Set(project.folder.events("clerk").map { $0["path"]?.string }) == ["/clerk/1"])
    }

    @Test("What fails three times is a dead letter, which the command shows, retries and drops")
    func deadLetter() throws {
        let project = try Self.project()
        try project.folder.order("clerk", #"{"errorType":"Oops","errorMessage":"no luck"}"#)
        let runner = try project.serve()
        defer { runner.end() }
        let taken = try runner.invokeLater("clerk", "/clerk/1")
        let id = try #require(taken.json["id"]?.string)
        try die(project, runner)
        #expect(project.folder.events("clerk").count == 3)
        let list = try project.run("dead", "list").output
        #expect(list.contains(id) && list.contains("exhausted") && list.contains("Oops: no luck"))
        let other = try project.run("dead", "list", "--queue", "other")
        #expect(other.output == "No dead letters.\n")
        let own = try project.run("dead", "list", "--queue", "invoke:clerk", "--json")
        #expect(try JSONParser.parse(own.finished.output).array?.count == 1)
        #expect(try project.run("dead", "show", id).output.contains("/clerk/1"))
        try project.folder.order("clerk", #"{"statusCode":204}"#)
        #expect(try project.run("dead", "retry", id).output == "\(id) is ready again\n")
        try runner.waitUntil("run") { project.folder.events("clerk").count == 4 }
        try runner.waitUntil("record") { try live(project) == 0 }
        for action in ["retry", "drop", "show"] {
            let run = try project.run("dead", action, id)
            #expect(run.exit == .code(1))
            #expect(run.complaint.contains("no dead letter \(id)"))
        }
    }

    @Test("A dropped dead letter is gone, and what is no id is said")
    func drop() throws {
        let project = try Self.project()
        try project.database.query(
            """
            INSERT INTO relais.task_dead (id, queue, priority, kind, payload, attempts,
                max_attempts, lease_token, reason, created_at)
            VALUES ('01890a5d-ac96-774b-bcce-b302099a8057', 'q', 2, 'k', '{}', 1, 1, 1,
                'refused', now())
            """
        )
        let run = try project.run("dead", "drop", "01890a5d-ac96-774b-bcce-b302099a8057")
        #expect(run.output == "01890a5d-ac96-774b-bcce-b302099a8057 is dropped\n")
        #expect(try project.run("dead", "list").output == "No dead letters.\n")
        for action in ["retry", "drop", "show"] {
            let wrong = try project.run("dead", action, "7")
            #expect(wrong.exit == .code(2))
            #expect(wrong.complaint.contains(#"expected an id as `dead list` shows it, found "7""#))
        }
        #expect(try project.run("dead", "forget", "7").exit == .code(2))
        #expect(try project.run("dead", "retry").exit == .code(2))
    }

    /// Lets every pause be over until the event has died.
    private func die(_ project: TriggeredProject, _ runner: Runner) throws {
        try runner.waitUntil("dead letter") {
            try project.database.query(
                "UPDATE relais.task SET run_at = now() WHERE run_at > now() AND lease_until IS NULL"
            )
            return try project.database.count("SELECT count(*) FROM relais.task_dead") == 1
        }
    }

    @Test("A function that is gone gets its events when it is back")
    func goneFunction() throws {
        let project = try Self.project()
        try project.folder.order("clerk", "hang")
        let runner = try project.serve()
        defer { runner.end() }
        for number in 0..<3 {
            #expect(try runner.invokeLater("clerk", "/clerk/\(number)").status == 202)
        }
        try runner.crash()
        try project.database.query("UPDATE relais.task SET lease_until = NULL")
        try project.folder.add(.clerk("other", triggers: SampleFunction.route("/other")))
        try project.folder.order("other", #"{"statusCode":200}"#)
        let without = try project.serve(["--only", "other"])
        defer { without.process.end() }
        #expect(try without.invokeLater("clerk", "/clerk/9").status == 404)
        #expect(try without.invokeLater("other", "/other").status == 202)
        try without.waitUntil("other run") { project.folder.events("other").count == 1 }
        let waiting = "SELECT count(*) FROM relais.task WHERE queue = 'invoke:clerk'"
        #expect(try project.database.count(waiting) == 3)
        try project.folder.order("clerk", #"{"statusCode":200}"#)
        let back = try project.serve()
        defer { back.process.end() }
        try back.waitUntil("run") { try live(project) == 0 }
        let paths = Set(project.folder.events("clerk").map { $0["path"]?.string })
        #expect(paths == ["/clerk/0", "/clerk/1", "/clerk/2"])
    }

    @Test("No more is claimed than can run: the rest is there for other runners")
    func room() throws {
        let project = try Self.project(#""timeoutSeconds": 300, "concurrency": { "max": 2 }"#)
        try project.folder.order("clerk", "hang")
        let runner = try project.serve()
        defer { runner.end() }
        for number in 0..<10 { _ = try runner.invokeLater("clerk", "/clerk/\(number)") }
        try runner.waitUntil("two runs") { project.folder.events("clerk").count == 2 }
        let claimed = "SELECT count(*) FROM relais.task WHERE lease_until IS NOT NULL"
        #expect(try project.database.count(claimed) == 2)
        #expect(try live(project) == 10)
    }

    @Test("An event that its function has no room for is not counted as an attempt")
    func refused() throws {
        let project = try Self.project(
            #""concurrency": { "max": 1, "queue": 0 }, "timeoutSeconds": 300"#
        )
        try project.folder.order("clerk", "hang")
        let runner = try project.serve()
        defer { runner.end() }
        let busy = try runner.begin("/clerk/busy")
        try runner.waitUntil("busy instance") { project.folder.events("clerk").count == 1 }
        #expect(try runner.invokeLater("clerk", "/clerk/1").status == 202)
        try runner.waitUntil("refusals") {
            try project.database.count("SELECT sum(lease_token) FROM relais.task") >= 2
        }
        try runner.waitUntil("return") {
            try project.database.count("SELECT sum(attempts) FROM relais.task") == 0
        }
        try project.folder.order("clerk", #"{"statusCode":200}"#)
        for instance in runner.instances where ProcessTable.children(of: instance).count == 1 {
            kill(instance, SIGKILL)
        }
        try runner.waitUntil("run") { try live(project) == 0 }
        busy.leave()
    }
}

extension Runner {
    /// Kills it and whatever it started: from here on nothing of it is at work.
    func crash() throws {
        // Stopped, it starts nothing more.
        process.send(SIGSTOP)
        let instances = instances
        process.send(SIGKILL)
        _ = try process.waitForExit()
        for instance in instances { kill(-instance, SIGKILL) }
        try process.wait("end of the instances") {
            instances.allSatisfy { ProcessTable.members(ofGroup: $0).isEmpty } ? true : nil
        }
    }

    /// `POST /_invoke/<function>` with an HTTP event for `path`, to be stored.
    static func invocation(
        _ function: String,
        _ path: String,
        headers: [String: String] = [:]
    ) -> [UInt8] {
        var event = HTTPEvent()
        event.rawPath = path
        event.requestContext.http.method = "POST"
        event.requestContext.http.path = path
        return request(
            "POST",
            "/_invoke/\(function)",
            headers: headers.merging(["x-invoke-type": "event"]) { given, _ in given },
            body: Event.http(event).bytes
        )
    }

    func invokeLater(
        _ function: String,
        _ path: String,
        headers: [String: String] = [:]
    ) throws -> RunnerAnswer {
        let client = try RunnerClient(socket: operatorSocket)
        client.send(Self.invocation(function, path, headers: headers))
        return try answer(client)
    }
}
