import Database
import FunctionContract
import Glibc
import Testing

@Suite("local-runner migrate", .ownThread)
struct MigrateCommandTests {
    /// Two migrations of a test's own, and a database without tables.
    private let folder = TemporaryFolder()
    private let project: FunctionFolder
    private let url: String

    init() throws {
        project = try FunctionFolder()
        url = try TestDatabase().url
        folder.write("CREATE TABLE one (id int);", to: "0001_one.sql")
        folder.write("CREATE TABLE two (id int);", to: "0002_two.sql")
    }

    private func migrate(_ words: String..., url: String? = nil) throws -> CommandRun {
        try CommandRun(
            ["migrate"] + words,
            in: project,
            environment: ["DATABASE_URL": url ?? self.url, "RELAIS_MIGRATIONS": folder.path]
        )
    }

    private func tables() throws -> String? {
        let rows = try Connection(url).query(
            "SELECT string_agg(tablename, ' ' ORDER BY tablename) AS names"
                + " FROM pg_tables WHERE schemaname = 'public'"
        )
        return try rows[0].get("names")
    }

    @Test("Shows what is pending and changes nothing, applies it, and then says that it is done")
    func journey() throws {
        let pending = try migrate("--status")
        #expect(pending.exit == .code(0))
        #expect(
            pending.output == """
                MIGRATION     APPLIED
                0001_one.sql  pending
                0002_two.sql  pending

                """
        )
        #expect(try tables() == nil)
        let applied = try migrate()
        #expect(applied.exit == .code(0))
        #expect(applied.output == "Applied 0001_one.sql\nApplied 0002_two.sql\n")
        #expect(try tables() == "one relais_migration two")
        #expect(try migrate().output == "The tables are up to date.\n")
        folder.write("CREATE TABLE three (id int);", to: "0003_three.sql")
        let lines = try migrate("--status").output.split(separator: "\n")
        #expect(lines.map { $0.hasSuffix("pending") } == [false, false, false, true])
        #expect(try migrate().output == "Applied 0003_three.sql\n")
    }

    @Test("A migration that was changed after it ran is refused by its name")
    func changed() throws {
        #expect(try migrate().exit == .code(0))
        folder.write("CREATE TABLE another (id int);", to: "0002_two.sql")
        for words in [[], ["--status"]] {
            let run = try CommandRun(
                ["migrate"] + words,
                in: project,
                environment: ["DATABASE_URL": url, "RELAIS_MIGRATIONS": folder.path]
            )
            #expect(run.exit == .code(1))
            #expect(run.complaint.contains("0002_two.sql"))
            #expect(run.output.isEmpty)
        }
        #expect(try tables() == "one relais_migration two")
    }

    @Test("A migration that fails is named with its line, and leaves those before it")
    func failing() throws {
        folder.write("CREATE TABLE three (id int);\nCREATE TABEL four;", to: "0003_three.sql")
        let run = try migrate()
        #expect(run.exit == .code(1))
        #expect(run.complaint.contains("0003_three.sql, line 2: syntax error"))
        #expect(try tables() == "one relais_migration two")
    }

    @Test("Any number at once apply each once")
    func concurrently() throws {
        let processes = try (0..<3).map { _ in
            try ChildProcess(
                BuiltProduct.path("local-runner"),
                ["migrate"],
                environment: ["DATABASE_URL": url, "RELAIS_MIGRATIONS": folder.path]
            )
        }
        var outputs = ""
        for process in processes {
            outputs += String(decoding: try process.everything(), as: UTF8.self)
            #expect(try process.waitForExit() == .code(0))
        }
        for name in ["0001_one.sql", "0002_two.sql"] {
            #expect(outputs.split(separator: "\n").count { $0 == "Applied \(name)" } == 1)
        }
    }

    @Test("Without a database, an address or a folder it says what is missing")
    func missing() throws {
        let down = try migrate(url: "postgresql://relais@127.0.0.1:1/relais")
        #expect(down.exit == .code(1))
        #expect(down.complaint.contains("cannot reach PostgreSQL at 127.0.0.1:1"))
        let unset = try CommandRun(["migrate"], in: project)
        #expect(unset.exit == .code(2))
        #expect(unset.complaint.contains("DATABASE_URL is not set"))
        let lost = try CommandRun(["migrate"], in: project, environment: ["DATABASE_URL": url])
        #expect(lost.exit == .code(1))
        #expect(lost.complaint.contains("infra/postgres/migrations"))
    }

    @Test("The owner's address is used where there is one")
    func owner() throws {
        let run = try CommandRun(
            ["migrate"],
            in: project,
            environment: [
                "DATABASE_URL": "postgresql://relais@127.0.0.1:1/relais",
                "DATABASE_OWNER_URL": url, "RELAIS_MIGRATIONS": folder.path,
            ]
        )
        #expect(run.exit == .code(0))
    }
}
