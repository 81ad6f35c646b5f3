extension Connection {
    /// Runs `body` in a transaction and commits when `body` returns. Runs `body` again after a
    /// serialization failure, a deadlock, or a connection lost before COMMIT was sent.
    package func transaction<Result>(
        _ options: TransactionOptions = TransactionOptions(),
        _ body: (Transaction) throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        try retrying(options.retry) { session throws(DatabaseError) in
            let opening = options.opening(timeout: timeLeft)
            let transaction = Transaction(on: session, opening: opening)
            let result = try body(transaction)
            if !transaction.isUnopened, !transaction.isAbandoned {
                try commit([], on: session, options)
            }
            return result
        }
    }

    /// Runs all statements as one transaction in a single round trip, BEGIN and COMMIT included.
    @discardableResult
    package func transaction(
        _ options: TransactionOptions = TransactionOptions(),
        _ statements: [Statement]
    ) throws(DatabaseError) -> [Rows] {
        try retrying(options.retry) { session throws(DatabaseError) in
            let opening = options.opening(timeout: timeLeft)
            let results = try commit(opening + statements, on: session, options)
            return Array(results.dropFirst(opening.count))
        }
    }

    /// Runs one statement as a transaction in a single round trip, BEGIN and COMMIT included.
    @discardableResult
    package func transaction(
        _ options: TransactionOptions = TransactionOptions(),
        _ sql: String,
        _ parameters: Parameter...
    ) throws(DatabaseError) -> Rows {
        try transaction(options, [Statement(sql, parameters)])[0]
    }

    private func retrying<Result>(
        _ retry: Retry,
        _ body: (Session) throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        var attempt = 1
        while true {
            do throws(DatabaseError) {
                return try once(body)
            } catch {
                let pause = retry.pause(after: attempt)
                guard error.code.meansNothingHappened, attempt < retry.attempts,
                    timeLeft.map({ $0 > pause }) ?? true
                else { throw error }
                retry.sleep(pause)
                attempt += 1
            }
        }
    }

    private func once<Result>(
        _ body: (Session) throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        let session = try readySession()
        // If ROLLBACK fails, the session is not idle, so `readySession` will not use it again.
        defer {
            if session.isUsable, session.isInTransaction {
                _ = try? session.exchange([Statement("ROLLBACK")])
            }
        }
        return try withTransactionMark { () throws(DatabaseError) in try body(session) }
    }

    /// Sends the statements and COMMIT in one round trip.
    @discardableResult
    private func commit(
        _ statements: [Statement],
        on session: Session,
        _ options: TransactionOptions
    ) throws(DatabaseError) -> [Rows] {
        guard session.isUsable else { throw session.lost() }
        let results: [Rows]
        do throws(ExchangeFailure) {
            results = try session.exchange(statements + [Statement("COMMIT")])
        } catch {
            let isDecided =
                (error.statement ?? .max) < statements.count
                || (error.statement != nil && session.isUsable)
            if isDecided || options.isReadOnly { throw error.error }
            throw error.error.with(.commitUnknown, "COMMIT was sent and its answer never came")
        }
        // The server answers COMMIT with ROLLBACK when an earlier statement failed.
        guard results.last?.command == "COMMIT" else {
            throw DatabaseError(.other, "the transaction was rolled back: a statement in it failed")
        }
        return results.dropLast()
    }
}

extension DatabaseError.Code {
    /// After one of these errors, a transaction whose COMMIT was not sent has changed nothing.
    fileprivate var meansNothingHappened: Bool {
        self == .serialization || self == .deadlock || self == .connectionLost
    }
}
