import Database
import FunctionContract
import Testing

/// Everything must work where each transaction may meet another server process.
@Suite(.ownThread, .enabled(if: PostgresFixture.isOwn && PgBouncer.isInstalled))
struct PoolerTests {
    private let database: TestDatabase
    private let pooler: PgBouncer

    init() throws {
        database = try TestDatabase()
        pooler = try PgBouncer(in: PostgresFixture.shared.get())
    }

    /// More clients than servers, so that they take turns on them.
    @Test func clientsShareServersWithoutNoticing() throws {
        defer { pooler.stop() }
        let setup = Connection(database.directURL)
        try setup.query("CREATE TABLE item (id uuid PRIMARY KEY, owner uuid)")
        let threads = (0..<6).map { _ in
            BackgroundThread { [pooler, database] in
                do {
                    let connection = Connection(pooler.url(database: database.name))
                    try Self.work(on: connection)
                } catch {
                    Issue.record(error)
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(try setup.query("SELECT * FROM item").count == 6 * 40)
        #expect(try setup.query("SELECT * FROM item WHERE owner IS NULL").isEmpty)
    }

    private static func work(on connection: Connection) throws {
        let identity = Identity(workspace: .v7(), user: .v7(), role: .admin)
        connection.deadline = .now + .seconds(300)
        let sql = """
            INSERT INTO item VALUES ($1, current_setting('relais.workspace_id')::uuid)
            RETURNING owner
            """
        for _ in 0..<20 {
            let rows = try connection.transaction(.init(identity: identity), sql, .uuid(.v7()))
            #expect(try rows[0].get("owner") == identity.workspace)
            let owner = try connection.transaction(.init(identity: identity)) {
                (transaction) throws(DatabaseError) -> UUID in
                try transaction.query("SELECT 1")
                return try transaction.query(sql, .uuid(.v7()))[0].get("owner")
            }
            #expect(owner == identity.workspace)
            let setting = try connection.query(
                "SELECT coalesce(current_setting('relais.workspace_id', true), '') AS setting"
            )
            #expect(try setting[0].get("setting") == "")
        }
    }

    @Test func copyErrorsAndMigrationsWorkToo() throws {
        defer { pooler.stop() }
        let connection = Connection(pooler.url(database: database.name))
        let folder = TemporaryFolder()
        folder.write("CREATE TABLE item (id int8 PRIMARY KEY);", to: "0001_item.sql")
        try Migrations(folder: folder.path).apply(on: connection)
        try connection.copyIn("COPY item FROM STDIN") { (rows) throws(DatabaseError) in
            for id in 0..<1000 { try rows.row(.int(id)) }
        }
        #expect(throws: DatabaseError.self) {
            try connection.transaction(.init(), "INSERT INTO item VALUES (7)")
        }
        #expect(try connection.query("SELECT * FROM item").count == 1000)
    }
}
