internal import CPostgres

extension Connection {
    /// Runs `COPY … FROM STDIN` and returns the number of rows. If `body` throws, none are stored.
    @discardableResult
    package func copyIn(
        _ sql: String,
        _ body: (CopyWriter) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Int {
        try readySession().copyIn(sql, body)
    }

    /// Runs `COPY … TO STDOUT`, passes each row unparsed to `onRow`, and returns their number.
    @discardableResult
    package func copyOut(
        _ sql: String,
        _ onRow: ([UInt8]) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Int {
        try readySession().copyOut(sql, onRow)
    }
}

extension Transaction {
    /// Runs `COPY … FROM STDIN` and returns the number of rows.
    @discardableResult
    package func copyIn(
        _ sql: String,
        _ body: (CopyWriter) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Int {
        try begin().copyIn(sql, body)
    }

    /// Runs `COPY … TO STDOUT`, passes each row unparsed to `onRow`, and returns their number.
    @discardableResult
    package func copyOut(
        _ sql: String,
        _ onRow: ([UInt8]) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Int {
        try begin().copyOut(sql, onRow)
    }
}

extension Session {
    fileprivate func copyIn(
        _ sql: String,
        _ body: (CopyWriter) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Int {
        try beginCopy(sql, PGRES_COPY_IN)
        let writer = CopyWriter(session: self)
        do throws(DatabaseError) {
            try body(writer)
            try writer.send()
        } catch {
            if isUsable {
                try endCopy(refusal: "the client gave up")
                try? drain()
            }
            throw error
        }
        try endCopy(refusal: nil)
        return try copiedRows()
    }

    fileprivate func copyOut(
        _ sql: String,
        _ onRow: ([UInt8]) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Int {
        try beginCopy(sql, PGRES_COPY_OUT)
        do throws(DatabaseError) {
            while let row = try nextCopiedRow() { try onRow(row) }
        } catch {
            if isUsable { stopCopyOut() }
            throw error
        }
        return try copiedRows()
    }

    /// Cancels the COPY on the server and reads the rows that are still on their way.
    private func stopCopyOut() {
        unsafe Cancellation(of: handle)?.send()
        do throws(DatabaseError) {
            while try nextCopiedRow() != nil {}
            try drain()
        } catch {
            // The error is the cancellation itself, or the session is abandoned.
        }
    }
}
