import Database
import Testing

/// What happens to a transaction when its connection dies, at each moment that matters.
@Suite(.ownThread, .enabled(if: PostgresFixture.isOwn))
struct LostConnectionTests {
    private static let database = Result { try TestDatabase() }

    private func connect() throws -> Connection { try Self.database.get().connect() }

    private func proxied(
        _ trick: PostgresProxy.Trick = .swallowAnswer,
        on text: String,
        times: Int = 1,
        _ body: (Connection, PostgresProxy) throws -> Void
    ) throws {
        let fixture = try PostgresFixture.shared.get()
        let proxy = PostgresProxy(to: fixture, trick, on: text, times: times)
        defer { proxy.stop() }
        let connection = Connection(proxy.url(database: try Self.database.get().name))
        try body(connection, proxy)
        connection.close()
    }

    @Test func beforeCommitItIsRunAgain() throws {
        let (connection, assassin) = (try connect(), try connect())
        try connection.query("CREATE TABLE before_commit (run int8)")
        var runs = 0
        try connection.transaction { (transaction) throws(DatabaseError) in
            runs += 1
            try transaction.query("INSERT INTO before_commit VALUES ($1)", .int(runs))
            if runs == 1 { try kill(transaction, with: assassin) }
            try transaction.query("INSERT INTO before_commit VALUES ($1)", .int(runs))
        }
        let runsSeen: [Int] = try connection.query(
            "SELECT array_agg(run) AS runs FROM before_commit"
        )[0].get("runs")
        #expect(runsSeen == [2, 2])
    }

    @Test func betweenTheLastStatementAndCommitItIsReportedAsUnknown() throws {
        let (connection, assassin) = (try connect(), try connect())
        try connection.query("CREATE TABLE at_commit (run int8)")
        var runs = 0
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction { (transaction) throws(DatabaseError) in
                runs += 1
                try transaction.query("INSERT INTO at_commit VALUES (1)")
                try kill(transaction, with: assassin)
            }
        }
        #expect(error?.code == .commitUnknown)
        #expect(runs == 1)
    }

    @Test func afterCommitWasSentItIsUnknownAndNotRunAgain() throws {
        try connect().query("CREATE TABLE after_commit (run int8)")
        try proxied(on: "COMMIT") { (connection, proxy) throws in
            var runs = 0
            let error = #expect(throws: DatabaseError.self) {
                try connection.transaction { (transaction) throws(DatabaseError) in
                    runs += 1
                    try transaction.query("INSERT INTO after_commit VALUES (1)")
                }
            }
            #expect(error?.code == .commitUnknown)
            #expect(runs == 1)
            // It had taken effect: a second run would have doubled it.
            #expect(try connection.query("SELECT * FROM after_commit").count == 1)
            #expect(proxy.connections == 2)
        }
    }

    @Test func inOneRoundTripItIsUnknownToo() throws {
        try connect().query("CREATE TABLE one_trip (run int8)")
        try proxied(on: "COMMIT") { (connection, _) throws in
            let error = #expect(throws: DatabaseError.self) {
                try connection.transaction(.init(), "INSERT INTO one_trip VALUES (1)")
            }
            #expect(error?.code == .commitUnknown)
            #expect(try connection.query("SELECT * FROM one_trip").count == 1)
        }
    }

    @Test func aReadOnlyTransactionIsRunAgainEvenThen() throws {
        try proxied(on: "COMMIT", times: 2) { (connection, proxy) throws in
            let rows = try connection.transaction(.init(isReadOnly: true), "SELECT 1 AS one")
            #expect(try rows[0].get("one") == 1)
            #expect(proxy.connections == 3)
        }
    }

    @Test func aServerThatRefusesAStatementDecidesTheMatter() throws {
        try connect().query("CREATE TABLE refused (id int8 PRIMARY KEY)")
        try connect().query("INSERT INTO refused VALUES (1)")
        let error = #expect(throws: DatabaseError.self) {
            try connect().transaction(.init(), "INSERT INTO refused VALUES (1)")
        }
        #expect(error?.code == .uniqueViolation)
    }

    @Test func aConstraintCheckedAtCommitIsAnOrdinaryError() throws {
        let connection = try connect()
        try connection.query(
            "CREATE TABLE late (id int8 UNIQUE DEFERRABLE INITIALLY DEFERRED)"
        )
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction(.init(), "INSERT INTO late VALUES (1), (1)")
        }
        #expect(error?.code == .uniqueViolation)
        #expect(try connection.query("SELECT * FROM late").isEmpty)
    }

    @Test func aServerThatGoesSilentCostsNoMoreThanTheDeadline() throws {
        try proxied(.goSilent, on: "SELECT 'anybody'") { (connection, _) throws in
            try connection.open()
            connection.deadline = .now + .seconds(3)
            let spent = ContinuousClock().measure {
                let error = #expect(throws: DatabaseError.self) {
                    try connection.transaction(.init(), "SELECT 'anybody'")
                }
                #expect(error?.code == .commitUnknown)
            }
            #expect(spent < .seconds(30))
            connection.deadline = nil
            #expect(try connection.query("SELECT 1 AS one")[0].get("one") == 1)
        }
    }

    @Test func aServerThatNeverAnswersIsUnreachable() throws {
        let listener = LoopbackSocket.listening()
        defer { listener.close() }
        let connection = Connection(
            "postgresql://postgres@127.0.0.1:\(listener.port)/none?sslmode=disable",
            connectTimeout: .milliseconds(200)
        )
        let error = #expect(throws: DatabaseError.self) { try connection.open() }
        #expect(error?.code == .unreachable)
    }

    private func kill(
        _ transaction: Transaction,
        with assassin: Connection
    ) throws(DatabaseError) {
        let process: Int = try transaction.query("SELECT pg_backend_pid() AS pid")[0].get("pid")
        let sql = "SELECT pg_terminate_backend($1, 10000)"
        try assassin.query(sql, .int32(Int32(process)))
    }
}
