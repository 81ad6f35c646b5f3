import Database
import Glibc
import Testing

@Suite(.ownThread)
struct MigrationTests {
    private let database: TestDatabase
    private let connection: Connection
    private let folder = TemporaryFolder()

    init() throws {
        database = try TestDatabase()
        connection = try database.connect()
    }

    private func apply() throws -> [String] {
        try Migrations(folder: folder.path).apply(on: connection).map(\.fileName)
    }

    @Test func appliesEachFileOnceInOrder() throws {
        folder.write("CREATE TABLE a (x int); INSERT INTO a VALUES (1);", to: "0001_first.sql")
        folder.write("ALTER TABLE a ADD y int; UPDATE a SET y = x;", to: "0002_second.sql")
        folder.write("not a migration", to: "README.md")
        #expect(try apply() == ["0001_first.sql", "0002_second.sql"])
        #expect(try apply() == [])
        folder.write("INSERT INTO a VALUES (2, 2);", to: "0003_third.sql")
        #expect(try apply() == ["0003_third.sql"])
        #expect(try connection.query("SELECT * FROM a").count == 2)
    }

    @Test func statusTellsWhatIsPending() throws {
        folder.write("SELECT 1;", to: "0001_first.sql")
        let migrations = try Migrations(folder: folder.path)
        #expect(try migrations.status(on: connection).map(\.appliedAt) == [nil])
        try migrations.apply(on: connection)
        folder.write("SELECT 2;", to: "0002_second.sql")
        let status = try Migrations(folder: folder.path).status(on: connection)
        #expect(status.map(\.fileName) == ["0001_first.sql", "0002_second.sql"])
        #expect(status.map { $0.appliedAt != nil } == [true, false])
    }

    @Test func aChangedFileIsRefusedByName() throws {
        folder.write("CREATE TABLE a (x int);", to: "0001_first.sql")
        _ = try apply()
        folder.write("CREATE TABLE a (x int8);", to: "0001_first.sql")
        folder.write("CREATE TABLE b (x int);", to: "0002_second.sql")
        let error = #expect(throws: DatabaseError.self) { try apply() }
        #expect(error?.code == .migration)
        #expect(error?.message.contains("0001_first.sql was changed") == true)
        #expect(throws: DatabaseError.self) {
            try Migrations(folder: folder.path).status(on: connection)
        }
        #expect(try exists("b") == false)
    }

    @Test func aFailingFileLeavesNothingAndNamesItsLine() throws {
        folder.write("CREATE TABLE a (x int);", to: "0001_first.sql")
        folder.write("CREATE TABLE b (x int);\n\nSELECT nonsense;\n", to: "0002_second.sql")
        let error = #expect(throws: DatabaseError.self) { try apply() }
        #expect(error?.message.contains("0002_second.sql, line 3: ") == true)
        #expect(try exists("a"))
        #expect(try exists("b") == false)
        folder.write("CREATE TABLE b (x int);", to: "0002_second.sql")
        #expect(try apply() == ["0002_second.sql"])
    }

    @Test func aFileMayNotEndItsTransaction() throws {
        folder.write("CREATE TABLE a (x int); COMMIT;", to: "0001_first.sql")
        let error = #expect(throws: DatabaseError.self) { try apply() }
        #expect(error?.message.contains("0001_first.sql") == true)
        #expect(error?.message.contains("COMMIT") == true)
    }

    @Test func migratorsAtTheSameTimeApplyEachFileOnce() throws {
        folder.write("CREATE TABLE a (x int);", to: "0001_first.sql")
        for number in 2...9 {
            folder.write("INSERT INTO a VALUES (\(number));", to: "000\(number)_more.sql")
        }
        let migrations = try Migrations(folder: folder.path)
        let allReady = Rendezvous(4)
        let threads = (0..<4).map { _ in
            BackgroundThread { [database] in
                do {
                    let connection = try database.connect()
                    allReady.arrive()
                    try migrations.apply(on: connection)
                } catch {
                    Issue.record(error)
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(try connection.query("SELECT * FROM a").count == 8)
        #expect(try connection.query("SELECT * FROM relais_migration").count == 9)
    }

    @Test func anUnreadableFolderIsNamed() {
        let error = #expect(throws: DatabaseError.self) {
            try Migrations(folder: "/nowhere/at/all")
        }
        #expect(error?.message == "cannot read /nowhere/at/all: No such file or directory")
    }

    private func exists(_ table: String) throws -> Bool {
        try connection.query("SELECT to_regclass($1) IS NOT NULL AS found", .text(table))[0]
            .get("found")
    }
}
