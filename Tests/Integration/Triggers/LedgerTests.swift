import Database
import FunctionContract
import Glibc
import SeededRandom
import Testing

/// Everything is killed while it works, again and again: nothing is lost, nothing counts twice.
@Suite(
    "The ledger",
    .ownThread,
    .enabled(if: PrivateServer.Version.embedded.isInstalled)
)
struct LedgerTests {
    @Test(
        "Tasks of a queue take effect once, whatever dies",
        arguments: [UInt64.random(in: 0...999)]
    )
    func queue(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let server = try PrivateServer(.embedded)
        let database = try PlatformDatabase(ownerURL: server.url(database: "postgres"))
        try database.query("CREATE TABLE effect (task uuid NOT NULL)")
        try database.query("GRANT SELECT, INSERT ON effect TO relais_function")
        let project = try TriggeredProject(
            SampleFunction(
                "test-ledger",
                manifest: """
                    {
                      "triggers": [\(SampleFunction.queue("ledger"))],
                      "environment": ["DATABASE_URL"], "concurrency": { "max": 3 }
                    }
                    """
            ),
            on: database
        )
        let count = Load.isFull ? 20_000 : 3_000
        try project.enqueue(count, in: "ledger")
        let wanted = Set(try Self.ids("SELECT id FROM relais.task", database))
        var runner = try project.serve()
        defer { runner.end() }
        for share in 1...8 {
            try Self.await(count * share / 10, database, runner)
            switch share {
            case 2, 6:
                try runner.crash()
                runner = try project.serve()
            case 4: try server.restart()
            default: Self.killSome(of: runner, &random)
            }
        }
        try runner.waitUntil("end of the work") {
            try database.count("SELECT count(*) FROM relais.task") == 0
        }
        #expect(try runner.stop() == .code(0), "seed \(seed)")
        let effects = try Self.ids("SELECT task AS id FROM effect", database)
        #expect(effects.count == count, "seed \(seed)")
        #expect(Set(effects) == wanted, "seed \(seed)")
        #expect(try database.count("SELECT count(*) FROM relais.task_dead") == 0)
        #expect(try database.count("SELECT sum(done) FROM relais.task_tally") == count)
    }

    /// Some of the processes under the runner: instances of the function, and the store.
    private static func killSome(of runner: Runner, _ random: inout SeededRandom) {
        for instance in runner.instances where Bool.random(using: &random) {
            Glibc.kill(instance, SIGKILL)
        }
    }

    private static func await(_ count: Int, _ database: PlatformDatabase, _ runner: Runner) throws {
        try runner.waitUntil("\(count) effects") {
            let effects = try? database.count("SELECT count(*) FROM effect")
            usleep(5_000)
            return effects ?? 0 >= count
        }
    }

    private static func ids(_ sql: String, _ database: PlatformDatabase) throws -> [UUID] {
        try database.query(sql).map { try $0.get("id") }
    }

    @Test(
        "Stored invocations run at least once and are counted once, whenever the runner dies",
        arguments: [UInt64.random(in: 0...999)]
    )
    func invocations(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let project = try TriggeredProject(
            .clerk("clerk", triggers: SampleFunction.route("/clerk/{what}"))
        )
        try project.folder.order("clerk", #"{"statusCode":200}"#)
        var runner = try project.serve()
        defer { runner.end() }
        let count = Load.isFull ? 2_000 : 200
        var taken: Set<String> = []
        var sent = 0
        while taken.count < count {
            sent += 1
            if try runner.invokeLater("clerk", "/clerk/\(sent)").status == 202 {
                taken.insert("/clerk/\(sent)")
            }
            guard Int.random(in: 0..<count, using: &random) < 5 else { continue }
            try runner.crash()
            // As if the leases of the one that died were over.
            try project.database.query("UPDATE relais.task SET lease_until = now()")
            runner = try project.serve()
        }
        try runner.waitUntil("end of the work") {
            try project.database.count("SELECT count(*) FROM relais.task") == 0
        }
        let ran = Set(project.folder.events("clerk").compactMap { $0["path"]?.string })
        #expect(taken.subtracting(ran).isEmpty, "seed \(seed)")
        #expect(try project.database.count("SELECT count(*) FROM relais.task_dead") == 0)
        let done = try project.database.count("SELECT sum(done) FROM relais.task_tally")
        #expect(done == sent, "seed \(seed)")
    }
}
