import Database
import FunctionContract
import Synchronization
import Testing

@Suite(.ownThread, .serialized)
struct TransactionTests {
    private static let database = Result { try TestDatabase() }
    private let database: TestDatabase

    init() throws {
        database = try Self.database.get()
        try connect().query("DROP TABLE IF EXISTS item, account, counter")
    }

    private func connect() throws -> Connection { try database.connect() }

    @Test func commitsWhatTheBodyDidAndReturnsWhatItReturns() throws {
        let connection = try connect()
        try connection.query("CREATE TABLE item (id int8)")
        let count = try connection.transaction { (transaction) throws(DatabaseError) -> Int in
            try transaction.query("INSERT INTO item VALUES (1)")
            try transaction.pipeline([
                Statement("INSERT INTO item VALUES (2)"), Statement("INSERT INTO item VALUES (3)"),
            ])
            return try transaction.query("SELECT * FROM item").count
        }
        #expect(count == 3)
        #expect(try connection.query("SELECT * FROM item").count == 3)
    }

    @Test func rollsBackWhenTheBodyThrows() throws {
        let connection = try connect()
        try connection.query("CREATE TABLE item (id int8)")
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction { (transaction) throws(DatabaseError) in
                try transaction.query("INSERT INTO item VALUES (1)")
                throw DatabaseError(.other, "changed my mind")
            }
        }
        #expect(error?.message == "changed my mind")
        #expect(try connection.query("SELECT * FROM item").isEmpty)
    }

    @Test func rollsBackWhenTheBodyAbandons() throws {
        let connection = try connect()
        try connection.query("CREATE TABLE item (id int8)")
        let count = try connection.transaction { (transaction) throws(DatabaseError) -> Int in
            transaction.abandon()
            return try transaction.query("INSERT INTO item VALUES (1), (2)").affected
        }
        #expect(count == 2)
        #expect(try connection.query("SELECT * FROM item").isEmpty)
    }

    @Test func aSwallowedErrorIsNotASuccess() throws {
        let connection = try connect()
        try connection.query("CREATE TABLE item (id int8)")
        #expect(throws: DatabaseError.self) {
            try connection.transaction { (transaction) throws(DatabaseError) in
                try transaction.query("INSERT INTO item VALUES (1)")
                _ = try? transaction.query("SELECT 1/0")
            }
        }
        #expect(try connection.query("SELECT * FROM item").isEmpty)
    }

    @Test func aSwallowedFailureToBeginIsNotASuccess() throws {
        let connection = try connect()
        connection.deadline = .now - .seconds(1)
        #expect(throws: DatabaseError.self) {
            try connection.transaction { transaction in
                _ = try? transaction.query("SELECT 1")
                _ = try? transaction.query("SELECT 2")
            }
        }
    }

    @Test func anEmptyBodyCostsNothing() throws {
        let connection = Connection("postgresql://127.0.0.1:1/none")
        #expect(throws: DatabaseError.self) { try connection.transaction { _ in 7 } }
        #expect(try connect().transaction { _ in 7 } == 7)
    }

    @Test func identityHoldsForTheTransactionOnly() throws {
        let connection = try connect()
        let identity = Identity(workspace: .v7(), user: .v7(), role: .admin)
        let sql = """
            SELECT current_setting('relais.workspace_id', true) AS workspace,
                current_setting('relais.user_id', true) AS user,
                current_setting('relais.role', true) AS role
            """
        let inside = try connection.transaction(.init(identity: identity), sql)[0]
        #expect(try inside.get("workspace") == identity.workspace.description)
        #expect(try inside.get("user", as: String?.self) == identity.user?.description)
        #expect(try inside.get("role") == "admin")
        let outside = try connection.query(Statement(sql))[0]
        #expect(try outside.get("workspace", as: String?.self) ?? "" == "")
    }

    @Test func nothingIsWrittenInAReadOnlyTransaction() throws {
        let connection = try connect()
        try connection.query("CREATE TABLE read_only_item (id int8)")
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction(
                .init(isReadOnly: true),
                "INSERT INTO read_only_item VALUES (1)"
            )
        }
        #expect(error?.sqlState == "25006")
    }

    @Test func aDeadlockIsRunAgain() throws {
        let setup = try connect()
        try setup.query("CREATE TABLE account (id int8 PRIMARY KEY, balance int8)")
        try setup.query("INSERT INTO account VALUES (1, 0), (2, 0)")
        let bothHoldOne = Rendezvous(2)
        let runs = Atomic(0)
        let threads = [(1, 2), (2, 1)].map { (first, second) in
            BackgroundThread {
                do {
                    let connection = try database.connect()
                    try connection.transaction { (transaction) throws(DatabaseError) in
                        runs.add(1, ordering: .relaxed)
                        try transaction.query(Self.raise, .int(first))
                        bothHoldOne.arrive()
                        try transaction.query(Self.raise, .int(second))
                    }
                } catch {
                    Issue.record(error)
                }
            }
        }
        for thread in threads { thread.join() }
        let balances: [Int] = try setup.query(
            "SELECT array_agg(balance) AS balances FROM account"
        )[0].get("balances")
        #expect(balances == [2, 2])
        // Three, or more when the loser is quick enough to get in the winner's way again.
        #expect(runs.load(ordering: .relaxed) >= 3)
    }

    private static let raise = Statement("UPDATE account SET balance = balance + 1 WHERE id = $1")
        .sql

    @Test func aSerializationFailureIsRunAgain() throws {
        let connection = try connect()
        let rival = try connect()
        try connection.query("CREATE TABLE counter (value int8)")
        try connection.query("INSERT INTO counter VALUES (0)")
        var runs = 0
        try connection.transaction(.init(isolation: .repeatableRead)) {
            (transaction) throws(DatabaseError) in
            runs += 1
            try transaction.query("SELECT * FROM counter")
            if runs == 1 { try rival.query("UPDATE counter SET value = value + 1") }
            try transaction.query("UPDATE counter SET value = value + 1")
        }
        #expect(runs == 2)
        #expect(try connection.query("SELECT value FROM counter")[0].get("value") == 2)
    }

    @Test func attemptsAndPausesAreBounded() throws {
        let connection = try connect()
        var pauses: [Duration] = []
        var retry = Retry(attempts: 4)
        retry.random = { 1 }
        retry.sleep = { pauses.append($0) }
        var runs = 0
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction(.init(retry: retry)) {
                (transaction) throws(DatabaseError) in
                runs += 1
                try transaction.query(
                    "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$"
                )
            }
        }
        #expect(error?.code == .serialization)
        #expect(runs == 4)
        #expect(pauses == [.milliseconds(10), .milliseconds(20), .milliseconds(40)])
    }

    @Test func theServerEndsAStatementBeforeTheDeadlineDoes() throws {
        let connection = try connect()
        // The server has a tenth of a second less: on a busy machine its word may come too late,
        // but not every time.
        var process = 0
        var error: DatabaseError?
        for _ in 0..<30 where error?.sqlState != "57014" {
            process = try connection.query("SELECT pg_backend_pid() AS pid")[0].get("pid")
            connection.deadline = .now + .seconds(1)
            error = #expect(throws: DatabaseError.self) {
                try connection.transaction(.init(), "SELECT pg_sleep(60)")
            }
            #expect(error?.code == .timeout)
            connection.deadline = nil
        }
        #expect(error?.sqlState == "57014")
        // The connection lived on, and the limit died with the transaction.
        let row = try connection.query(
            "SELECT pg_backend_pid() AS pid, current_setting('statement_timeout') AS timeout"
        )[0]
        #expect(try row.get("pid") == process)
        #expect(try row.get("timeout") == "0")
    }

    @Test func transactionsDoNotNest() async throws {
        let url = database.url
        let result = await #expect(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) { [url = url as String] in
            let connection = Connection(url)
            try connection.transaction { (_) throws(DatabaseError) in
                try connection.transaction { _ in }
            }
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("inside a transaction, use the transaction"))
    }
}
