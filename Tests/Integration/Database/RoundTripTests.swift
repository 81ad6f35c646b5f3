import Database
import FunctionContract
import Testing

@Suite(.ownThread, .enabled(if: PostgresFixture.isOwn))
struct RoundTripTests {
    private let database: TestDatabase
    private let proxy: PostgresProxy

    init() throws {
        database = try TestDatabase()
        proxy = PostgresProxy(to: try PostgresFixture.shared.get())
    }

    private func countingTrips(_ body: (Connection) throws -> Void) throws -> Int {
        let connection = Connection(proxy.url(database: database.name))
        connection.deadline = .now + .seconds(30)
        try connection.open()
        _ = proxy.takeRoundTrips()
        try body(connection)
        let trips = proxy.takeRoundTrips()
        connection.close()
        return trips
    }

    @Test func identityTimeoutQueryAndCommitTakeOne() throws {
        defer { proxy.stop() }
        let identity = Identity(workspace: .v7(), user: .v7(), role: .admin)
        let trips = try countingTrips { connection in
            let options = TransactionOptions(identity: identity, isolation: .serializable)
            let rows = try connection.transaction(
                options,
                "SELECT current_setting('relais.role') AS role, current_setting($1) AS timeout",
                .text("statement_timeout")
            )
            #expect(try rows[0].get("role") == "admin")
            #expect(try rows[0].get("timeout", as: String.self) != "0")
        }
        #expect(trips == 1)
    }

    @Test func aPipelineTakesOne() throws {
        defer { proxy.stop() }
        let trips = try countingTrips { connection in
            try connection.pipeline((0..<100).map { Statement("SELECT $1", .int($0)) })
        }
        #expect(trips == 1)
    }

    @Test func aBodyTakesOnePerStatementAndOneForCommit() throws {
        defer { proxy.stop() }
        let trips = try countingTrips { connection in
            try connection.transaction { (transaction) throws(DatabaseError) in
                try transaction.query("SELECT 1")
                try transaction.query("SELECT 2")
            }
        }
        #expect(trips == 3)
    }

    @Test func aFailedTransactionTakesOneMoreToRollBack() throws {
        defer { proxy.stop() }
        let trips = try countingTrips { connection in
            #expect(throws: DatabaseError.self) {
                try connection.transaction(.init(), "SELECT 1/0")
            }
        }
        #expect(trips == 2)
    }
}
