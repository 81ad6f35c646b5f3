import Database
import Testing

@Suite(.ownThread, .serialized)
struct ConnectionTests {
    private static let database = Result { try TestDatabase() }
    private let database: TestDatabase

    init() throws {
        database = try Self.database.get()
        try connect().query("DROP TABLE IF EXISTS item, person, a")
    }

    private func connect() throws -> Connection { try database.connect() }

    @Test func saysHowManyRowsWereTouched() throws {
        let connection = try connect()
        try connection.query("CREATE TABLE item (id int8)")
        #expect(try connection.query("INSERT INTO item SELECT generate_series(1, 7)").affected == 7)
        #expect(try connection.query("DELETE FROM item WHERE id > $1", .int(4)).affected == 3)
        #expect(try connection.query("SELECT * FROM item").isEmpty == false)
    }

    @Test func aPipelineTakesEffectTogetherOrNotAtAll() throws {
        let connection = try connect()
        try connection.query("CREATE TABLE item (id int8 PRIMARY KEY)")
        let error = #expect(throws: DatabaseError.self) {
            try connection.pipeline([
                Statement("INSERT INTO item VALUES (1)"),
                Statement("INSERT INTO item VALUES (1)"),
                Statement("INSERT INTO item VALUES (2)"),
            ])
        }
        #expect(error?.code == .uniqueViolation)
        #expect(error?.constraint == "item_pkey")
        #expect(error?.table == "item")
        #expect(try connection.query("SELECT * FROM item").isEmpty)
    }

    @Test func aLargePipelineNeitherBlocksNorMixes() throws {
        let connection = try connect()
        let filler = String(repeating: "x", count: 1000)
        let statements = (0..<5000).map {
            Statement("SELECT $1 AS number, $2 AS filler", .int($0), .text(filler))
        }
        let results = try connection.pipeline(statements)
        #expect(results.count == 5000)
        for (number, rows) in results.enumerated() { #expect(try rows[0].get("number") == number) }
    }

    @Test(arguments: [
        ("SELECT 1/0", DatabaseError.Code.invalidValue),
        ("SELECT * FROM nowhere", .invalidStatement),
        ("SELEC", .invalidStatement), ("SELECT 'x'::int8", .invalidValue),
        ("COPY (SELECT 1) TO STDOUT", .invalidStatement),
    ])
    func goesOnAfterAnError(_ sql: String, _ code: DatabaseError.Code) throws {
        let connection = try connect()
        let error = #expect(throws: DatabaseError.self) { try connection.query(Statement(sql)) }
        #expect(error?.code == code)
        #expect(try connection.query("SELECT 1 AS one")[0].get("one") == 1)
    }

    @Test func anErrorNeverQuotesABoundValue() throws {
        let connection = try connect()
        try connection.query("CREATE TABLE person (name text UNIQUE, age int CHECK (age > 0))")
        try connection.query("INSERT INTO person VALUES ('hunter2', 1)")
        let statements = [
            Statement("INSERT INTO person VALUES ($1, 1)", .text("hunter2")),
            Statement("INSERT INTO person VALUES ($1, -1)", .text("hunter2")),
            Statement("SELECT $1::int", .inferred("hunter2")),
            Statement("SELECT $1::jsonb", .inferred("hunter2")),
            Statement("SELECT $1::uuid", .inferred("hunter2")),
        ]
        for statement in statements {
            let error = #expect(throws: DatabaseError.self) { try connection.query(statement) }
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test(.enabled(if: PostgresFixture.isDirect))
    func opensItselfAgainAfterTheServerClosedIt() throws {
        let connection = try connect()
        let process: Int = try connection.query("SELECT pg_backend_pid() AS pid")[0].get("pid")
        try end(process)
        #expect(try connection.query("SELECT pg_backend_pid() AS pid")[0].get("pid") != process)
    }

    @Test func aStatementCutOffIsNeverRepeated() throws {
        let connection = try connect()
        let error = #expect(throws: DatabaseError.self) {
            try connection.query("SELECT pg_terminate_backend(pg_backend_pid())")
        }
        #expect(error?.code == .connectionLost)
        #expect(try connection.query("SELECT 1 AS one")[0].get("one") == 1)
    }

    @Test func theDeadlineEndsAStatement() throws {
        let connection = try connect()
        connection.deadline = .now + .milliseconds(100)
        let spent = ContinuousClock().measure {
            let error = #expect(throws: DatabaseError.self) {
                try connection.query("SELECT pg_sleep(60)")
            }
            #expect(error?.code == .timeout)
        }
        #expect(spent < .seconds(20))
        connection.deadline = nil
        // The cancel request reached the server: nothing of ours is still asleep.
        #expect(try sleepers() == 0)
    }

    @Test(.enabled(if: PostgresFixture.isDirect))
    func afterTheDeadlineNothingIsSent() throws {
        let connection = try connect()
        let process: Int = try connection.query("SELECT pg_backend_pid() AS pid")[0].get("pid")
        connection.deadline = .now - .seconds(1)
        for _ in 0..<2 {
            let error = #expect(throws: DatabaseError.self) { try connection.query("SELECT 1") }
            #expect(error?.code == .timeout)
        }
        connection.deadline = nil
        #expect(try connection.query("SELECT pg_backend_pid() AS pid")[0].get("pid") == process)
    }

    @Test func scriptsRunManyStatements() throws {
        let connection = try connect()
        try connection.run(script: "CREATE TABLE a (x int); INSERT INTO a VALUES (1), (2);")
        #expect(try connection.query("SELECT * FROM a").count == 2)
        #expect(throws: DatabaseError.self) {
            try connection.run(script: "INSERT INTO a VALUES (3); SELECT 1/0; SELECT 1")
        }
        #expect(try connection.query("SELECT * FROM a").count == 2)
    }

    /// Ends a server process and waits until it is gone.
    private func end(_ process: Int) throws {
        try connect().query("SELECT pg_terminate_backend($1::int, 10000)", .int32(Int32(process)))
    }

    private func sleepers() throws -> Int {
        let connection = try connect()
        let sql = """
            SELECT count(*) AS sleepers FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND wait_event = 'PgSleep'
            """
        for _ in 0..<1000
        where try connection.query(Statement(sql))[0].get("sleepers", as: Int.self) > 0 {
            try connection.query("SELECT pg_sleep(0.01)")
        }
        return try connection.query(Statement(sql))[0].get("sleepers")
    }
}
