import Database
import FunctionContract
import Testing

/// What matters most, on the oldest PostgreSQL and pgvector that are promised.
@Suite(
    "PostgreSQL 15 with pgvector 0.8.0",
    .ownThread,
    .enabled(if: PrivateServer.Version.fifteen.isInstalled)
)
struct OldestServerTests {
    private let server: PrivateServer
    private let database: PlatformDatabase

    init() throws {
        server = try PrivateServer(.fifteen)
        database = try PlatformDatabase(ownerURL: server.url(database: "postgres"))
    }

    @Test("The versions are as expected, and every migration has run")
    func versions() throws {
        #expect(try database.text("current_setting('server_version_num')")?.hasPrefix("15") == true)
        #expect(
            try database.text(
                "SELECT default_version FROM pg_available_extensions WHERE name = 'vector'"
            ) == "0.8.0"
        )
        let owner = Connection(database.ownerURL)
        let status = try Migrations(folder: PlatformDatabase.migrations).status(on: owner)
        #expect(!status.isEmpty && status.allSatisfy { $0.appliedAt != nil })
    }

    @Test("Half-precision vectors can be indexed and searched")
    func vectors() throws {
        try database.query("CREATE EXTENSION vector")
        try database.query("CREATE TABLE chunk (id int, place halfvec(3))")
        try database.query(
            "INSERT INTO chunk SELECT n, ARRAY[n, 1, 0]::real[]::halfvec(3)"
                + " FROM generate_series(1, 100) AS n"
        )
        try database.query("CREATE INDEX ON chunk USING hnsw (place halfvec_l2_ops)")
        let nearest = "SELECT id FROM chunk ORDER BY place <-> '[42,1,0]' LIMIT 1"
        #expect(try database.count(nearest) == 42)
    }

    @Test("Without an identity no table can be read")
    func isolation() throws {
        try database.query("INSERT INTO relais.workspace (id, name) VALUES ($1, 'w')", .uuid(.v7()))
        let connection = database.connect()
        let tables = try database.query(
            "SELECT oid::regclass::text AS name FROM pg_class"
                + " WHERE relnamespace = 'relais'::regnamespace AND relkind = 'r'"
        )
        #expect(tables.count > 20)
        for table in tables {
            let name: String = try table.get("name")
            #expect(try connection.query(Statement("SELECT FROM \(name)")).isEmpty, "\(name)")
        }
    }

    @Test("The store works with invocations, queues and schedules")
    func store() throws {
        let store = try StoreProcess(database.url)
        let event: JSON = ["function": "clerk", "event": "{}"]
        #expect(try store.ask("POST", "/invocations", event).status == 200)
        let claimed = try store.ask("POST", "/invocations/claim", .room("clerk", 10)).json
        #expect(claimed["invocations"]?.array?.count == 1)
        let report: JSON = ["results": claimed["invocations"] ?? .null]
        #expect(try store.ask("POST", "/invocations/finish", report).json["done"] == 1)
        let health = try FunctionRun("health-check", on: database)
        #expect(health.json["processed"]?.integer != nil)
    }

    @Test("Days and months are closed")
    func calendar() throws {
        #expect(try FunctionRun("quota-reset", on: database).json["processed"] == 0)
        #expect(try FunctionRun("clean-up", on: database).json["processed"] != nil)
        #expect(try FunctionRun("recover-stalled", on: database).json["processed"] != nil)
    }
}
