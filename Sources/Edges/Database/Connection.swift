/// A connection to PostgreSQL. It opens on first use, opens again after a loss, and never waits
/// past its deadline.
///
/// It keeps no server state between calls. It therefore works through a pooler that gives each
/// transaction another server process.
package final class Connection {
    private let url: String
    private let connectTimeout: Duration
    private var session: Session?
    private var isInTransaction = false

    /// The time by which every call on this connection must end; nil means no limit.
    package var deadline: ContinuousClock.Instant?

    /// Does not connect yet. `url` is a libpq URL or key-value text.
    package init(_ url: String, connectTimeout: Duration = .seconds(5)) {
        self.url = url
        self.connectTimeout = connectTimeout
    }

    /// A second connection to the same database, with the same deadline.
    func another() -> Connection {
        let other = Connection(url, connectTimeout: connectTimeout)
        other.deadline = deadline
        return other
    }

    /// Connects immediately, for callers that want to see an error now.
    package func open() throws(DatabaseError) {
        _ = try readySession()
    }

    package func close() {
        precondition(!isInTransaction, "a connection cannot be closed inside its transaction")
        session = nil
    }

    /// Runs one statement without BEGIN and COMMIT.
    @discardableResult
    package func query(_ sql: String, _ parameters: Parameter...) throws(DatabaseError) -> Rows {
        try query(Statement(sql, parameters))
    }

    /// Runs one statement without BEGIN and COMMIT.
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

    /// Runs a script of several statements without parameters, without BEGIN and COMMIT.
    package func run(script: String) throws(DatabaseError) {
        try readySession().run(script: script)
    }
}

// MARK: Sessions

extension Connection {
    var timeLeft: Duration? { deadline.map { $0 - .now } }

    /// An open and idle session, as far as the client can tell without asking the server.
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
