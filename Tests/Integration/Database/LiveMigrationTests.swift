import Database
import Glibc
import Testing

@Suite("Migrations while the database is in use", .ownThread)
struct LiveMigrationTests {
    private let url: String
    private let connection: Connection
    private let folder = TemporaryFolder()

    init() throws {
        url = try TestDatabase().directURL
        connection = Connection(url)
        folder.write("CREATE TABLE a (x int); INSERT INTO a VALUES (1);", to: "0001_first.sql")
        try Migrations(folder: folder.path).apply(on: connection)
    }

    private static let steps = """
        -- migrate: step by step
        CREATE TABLE c (x int);
        CREATE INDEX CONCURRENTLY IF NOT EXISTS a_x ON a (x);
        INSERT INTO c VALUES (1);

        """

    /// Tells when a migration gives way, instead of sleeping.
    private func patience(
        attempts: Int = 100_000,
        onPause: @escaping (Duration) -> Void = { _ in }
    ) -> LockPatience {
        var patience = LockPatience()
        patience.limit = .milliseconds(20)
        patience.retry = Retry(attempts: attempts)
        patience.retry.sleep = onPause
        return patience
    }

    private func apply(_ patience: LockPatience = LockPatience()) throws -> [String] {
        try Migrations(folder: folder.path).apply(on: connection, patience: patience)
            .map(\.fileName)
    }

    /// A transaction of somebody else that stays open until its connection is closed.
    private func open(_ sql: String) throws -> Connection {
        let holder = Connection(url)
        try holder.run(script: "BEGIN; \(sql)")
        return holder
    }

    @Test("A migration retries a held lock, and nobody waits behind it")
    func givesWay() throws {
        folder.write("ALTER TABLE a ADD y int;", to: "0002_second.sql")
        let holder = try open("SELECT * FROM a")
        let reader = Connection(url)
        var pauses = 0
        let applied = try apply(
            patience { _ in
                pauses += 1
                #expect(throws: Never.self) { try reader.query("SELECT x FROM a") }
                if pauses == 3 { holder.close() }
            }
        )
        #expect(applied == ["0002_second.sql"])
        #expect(pauses >= 3)
        #expect(try connection.query("SELECT y FROM a").count == 1)
    }

    @Test("A lock that is never released ends in a clear error, and nothing changes")
    func givesUp() throws {
        folder.write("CREATE TABLE b (x int);\nALTER TABLE a ADD y int;", to: "0002_second.sql")
        let holder = try open("SELECT * FROM a")
        let error = #expect(throws: DatabaseError.self) { try apply(patience(attempts: 4)) }
        #expect(error?.code == .timeout)
        let message = error?.message ?? ""
        #expect(message.contains("0002_second.sql"))
        #expect(message.contains("waited 4 times for 20 ms and changed nothing"))
        #expect(message.contains("pg_stat_activity"))
        #expect(try text("to_regclass('b')::text") == nil)
        holder.close()
        #expect(try apply(patience()) == ["0002_second.sql"])
    }

    @Test("An index is built while others write")
    func buildsWhileOthersWrite() throws {
        folder.write(Self.steps, to: "0002_second.sql")
        let holder = try open("INSERT INTO a VALUES (2)")
        let migrations = try Migrations(folder: folder.path)
        let thread = BackgroundThread { [url] in
            do { try migrations.apply(on: Connection(url)) } catch { Issue.record(error) }
        }
        try waitUntil("a build that waits") { try isBuilding() }
        #expect(
            try text("indisvalid::text FROM pg_index WHERE indexrelid = 'a_x'::regclass") == "false"
        )
        try connection.query("INSERT INTO a VALUES (3)")
        holder.close()
        thread.join()
        try expectFinished()
    }

    @Test("Concurrent runs wait for the steps, and no step runs twice")
    func rivals() throws {
        folder.write(Self.steps, to: "0002_second.sql")
        folder.write("INSERT INTO c VALUES (3);", to: "0003_third.sql")
        let migrations = try Migrations(folder: folder.path)
        let together = Rendezvous(3)
        let threads = (0..<3).map { _ in
            BackgroundThread { [url] in
                together.arrive()
                do { try migrations.apply(on: Connection(url)) } catch { Issue.record(error) }
            }
        }
        for thread in threads { thread.join() }
        #expect(try text("string_agg(x::text, ' ' ORDER BY x) FROM c") == "1 3")
        #expect(try text("count(*)::text FROM relais_migration") == "3")
        #expect(try text("count(*)::text FROM relais_migration_step") == "0")
    }

    /// The program dies; the server's process that builds for it dies too, or goes on by itself.
    @Test("The next run finishes a killed index build", arguments: [true, false])
    func killed(serverProcessDies: Bool) throws {
        folder.write(Self.steps, to: "0002_second.sql")
        let holder = try open("INSERT INTO a VALUES (2)")
        let first = try migrate()
        try waitUntil("a build that waits") { try isBuilding() }
        let children = ProcessTable.children(of: first.id)
        first.send(SIGKILL)
        for child in children { kill(child, SIGKILL) }
        #expect(try first.waitForExit() == .signal(SIGKILL))
        if serverProcessDies {
            try connection.query("SELECT pg_terminate_backend(pid, 60000) \(Self.builders)")
            #expect(
                try text("indisvalid::text FROM pg_index WHERE indexrelid = 'a_x'::regclass")
                    == "false"
            )
        }
        let second = try migrate()
        // It begins while the table is still held, and ends once it is not.
        try waitUntil("the second run") {
            try text("count(*)::text \(Self.migrators)") != "0"
        }
        holder.close()
        #expect(try second.waitForExit() == .code(0))
        #expect(
            String(decoding: try second.everything(), as: UTF8.self) == "Applied 0002_second.sql\n"
        )
        try expectFinished()
    }

    @Test("A failed step is named, and a corrected file continues there")
    func resumes() throws {
        folder.write(
            Self.steps + "CREATE TABLE d (x int);\nCREATE TABLE a (x int);\n",
            to: "0002_second.sql"
        )
        let error = #expect(throws: DatabaseError.self) { try apply() }
        #expect(error?.message.hasPrefix("0002_second.sql, line 6: ") == true)
        #expect(try text("count(*)::text FROM relais_migration") == "1")
        // The cause goes; what was done is not done again.
        try connection.query("ALTER TABLE a RENAME TO a_old")
        #expect(try apply() == ["0002_second.sql"])
        #expect(try text("count(*)::text FROM c") == "1")
    }

    @Test("A file that was changed after its first steps is refused")
    func changedBetweenSteps() throws {
        folder.write(Self.steps + "CREATE TABLE a (x int);\n", to: "0002_second.sql")
        #expect(throws: DatabaseError.self) { try apply() }
        folder.write(Self.steps, to: "0002_second.sql")
        let error = #expect(throws: DatabaseError.self) { try apply() }
        #expect(error?.message.contains("was changed after its first steps were done") == true)
    }

    @Test(
        "A truncated file is refused before anything runs",
        arguments: [
            "CREATE TABLE b (x int);\nCREATE TAB", "CREATE TABLE b (x int)", "", "SELECT '",
        ]
    )
    func cutShort(_ sql: String) throws {
        folder.write(sql, to: "0002_second.sql")
        let error = #expect(throws: DatabaseError.self) { try apply() }
        #expect(error?.code == .migration)
        #expect(error?.message.contains("0002_second.sql") == true)
        #expect(try text("to_regclass('b')::text") == nil)
        #expect(try text("count(*)::text FROM relais_migration") == "1")
    }

    @Test("An unreadable file is refused and not treated as empty")
    func unreadable() throws {
        let path = folder.path + "/0002_second.sql"
        #expect(unsafe mkdir(path, 0o700) == 0)
        defer { unsafe rmdir(path) }
        let error = #expect(throws: DatabaseError.self) { try apply() }
        #expect(error?.message.contains("0002_second.sql: Is a directory") == true)
    }

    private func migrate() throws -> ChildProcess {
        try ChildProcess(
            BuiltProduct.path("local-runner"),
            ["migrate"],
            environment: ["DATABASE_URL": url, "RELAIS_MIGRATIONS": folder.path]
        )
    }

    private func expectFinished() throws {
        #expect(
            try text("indisvalid::text FROM pg_index WHERE indexrelid = 'a_x'::regclass") == "true"
        )
        #expect(try text("count(*)::text FROM c") == "1")
        #expect(try text("count(*)::text FROM relais_migration") == "2")
        #expect(try text("count(*)::text FROM relais_migration_step") == "0")
    }

    private static let builders = """
        FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            AND query LIKE 'CREATE INDEX CONCURRENTLY%'
        """
    /// Whoever has the lock under which migrations run.
    private static let migrators = """
        FROM pg_locks WHERE locktype = 'advisory' AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    private func isBuilding() throws -> Bool {
        try text("count(*)::text \(Self.builders)") == "1"
    }

    private func waitUntil(_ purpose: String, _ condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(180)
        while try !condition() {
            guard ContinuousClock.now < deadline else {
                throw ChildProcess.TimedOut(description: "no \(purpose)")
            }
            usleep(5_000)
        }
    }

    /// The one text that a query gives.
    private func text(_ selection: String) throws -> String? {
        try connection.query(Statement("SELECT (SELECT \(selection)) AS text"))[0].get("text")
    }
}
