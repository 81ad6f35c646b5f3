/// The transaction passed to a transaction's body. BEGIN and the settings are sent with the first
/// statement, so they cost no round trip.
package final class Transaction {
    private let session: Session
    private var opening: [Statement]
    private(set) var isAbandoned = false

    init(on session: Session, opening: [Statement]) {
        self.session = session
        self.opening = opening
    }

    /// Runs one statement.
    @discardableResult
    package func query(_ sql: String, _ parameters: Parameter...) throws(DatabaseError) -> Rows {
        try query(Statement(sql, parameters))
    }

    /// Runs one statement.
    @discardableResult
    package func query(_ statement: Statement) throws(DatabaseError) -> Rows {
        try pipeline([statement])[0]
    }

    /// Runs all statements in one round trip.
    @discardableResult
    package func pipeline(_ statements: [Statement]) throws(DatabaseError) -> [Rows] {
        guard session.isUsable else { throw session.lost() }
        let prefix = opening
        do throws(ExchangeFailure) {
            let results = try session.exchange(prefix + statements)
            opening = []
            return Array(results.dropFirst(prefix.count))
        } catch {
            // Without BEGIN, later statements would run outside a transaction: close the session.
            if !prefix.isEmpty, (error.statement ?? 0) == 0 { session.isAbandoned = true }
            opening = []
            throw error.error
        }
    }

    /// Runs a script of several statements without parameters. It may not end the transaction.
    package func run(script: String) throws(DatabaseError) {
        let session = try begin()
        try session.run(script: script)
        guard session.isInTransaction else {
            throw DatabaseError(
                .invalidStatement,
                "the script ended the transaction that it runs in: take out its COMMIT or ROLLBACK"
            )
        }
    }

    /// Rolls the transaction back when its body returns, without an error.
    package func abandon() { isAbandoned = true }

    /// Sends BEGIN and the settings, unless an earlier statement did.
    func begin() throws(DatabaseError) -> Session {
        if !opening.isEmpty { try pipeline([]) }
        return session
    }

    /// Whether nothing was sent yet, so there is no transaction to end.
    var isUnopened: Bool { !opening.isEmpty }
}

@available(*, unavailable) extension Transaction: Sendable {}
