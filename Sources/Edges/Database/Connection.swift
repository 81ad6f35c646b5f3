/// A connection to PostgreSQL. It opens itself when first used and again after it was lost, and it
/// waits for nothing past its deadline.
///
/// It keeps no state on the server between calls, so it works through a pooler that hands every
/// transaction to another server process.
package final class Connection {
    private let url: String
    private let connectTimeout: Duration
    private var session: Session?
    private var isInTransaction = false

    /// When everything that this connection does must have ended; nil waits for ever.
    package var deadline: ContinuousClock.Instant?

    /// Does not connect yet. `url` is a libpq URL or key-value text.
    package init(_ url: String, connectTimeout: Duration = .seconds(5)) {
        self.url = url
        self.connectTimeout = connectTimeout
    }

    /// Another connection to the same database, for as long.
    func another() -> Connection {
        let other = Connection(url, connectTimeout: connectTimeout)
        other.deadline = deadline
        return other
    }

    /// Connects at once, for callers that want to know now.
    package func open() throws(DatabaseError) {
        _ = try readySession()
    }

    package func close() {
        precondition(!isInTransaction, "a connection cannot be closed inside its transaction")
        session = nil
    }

    /// Runs one statement by itself.
    @discardableResult
    package func query(_ sql: String, _ parameters: Parameter...) throws(DatabaseError) -> Rows {
        try query(Statement(sql, parameters))
    }

    /// Runs one statement by itself.
    @discardableResult
    package func query(_ statement: Statement) throws(DatabaseError) -> Rows {
        try pipeline([statement])[0]
    }

    /// Runs all statements in one round trip. They take effect together or not at all.
    @discardableResult
    package func pipeline(_ statements: [Statement]) throws(DatabaseError) -> [Rows] {
        let session = try readySession()
        do throws(ExchangeFailure) {
            return try session.exchange(statements)
        } catch {
            throw error.error
        }
    }

    /// Runs a text of several statements, without parameters, outside any transaction.
    package func run(script: String) throws(DatabaseError) {
        try readySession().run(script: script)
    }
}

// MARK: For transactions

extension Connection {
    var timeLeft: Duration? { deadline.map { $0 - .now } }

    /// A session that is open and idle, as far as can be seen without asking the server.
    func readySession() throws(DatabaseError) -> Session {
        precondition(!isInTransaction, "inside a transaction, use the transaction")
        if let session, session.isStillThere, !session.isInTransaction {
            session.deadline = deadline
            return session
        }
        session = nil
        let limit = ContinuousClock.now + connectTimeout
        let opened = try Session.open(url, deadline: min(limit, deadline ?? limit))
        opened.deadline = deadline
        session = opened
        return opened
    }

    /// Marks the connection as busy with a transaction while `body` runs.
    func withTransactionMark<Result>(
        _ body: () throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        precondition(!isInTransaction, "transactions do not nest")
        isInTransaction = true
        defer { isInTransaction = false }
        return try body()
    }
}

@available(*, unavailable) extension Connection: Sendable {}
