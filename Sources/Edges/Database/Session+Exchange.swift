internal import CPostgres

/// The failure of statements that were sent together.
struct ExchangeFailure: Error {
    let error: DatabaseError
    /// The index of the refused statement. Nil when the connection failed: then it is unknown which
    /// statements the server ran.
    let statement: Int?
}

extension Session {
    /// Sends all statements in one round trip and returns one result per statement. It uses only
    /// unnamed prepared statements and one Sync, so a pooler may reassign the server afterwards.
    func exchange(_ statements: [Statement]) throws(ExchangeFailure) -> [Rows] {
        if hasExpired {
            let error = DatabaseError(.timeout, "the deadline passed before the statement was sent")
            throw ExchangeFailure(error: error, statement: 0)
        }
        var results: [Rows] = []
        var refusal: ExchangeFailure?
        do throws(DatabaseError) {
            try send(statements)
            for index in statements.indices {
                switch try reply() {
                case .rows(let rows): results.append(rows)
                case .refused(let error):
                    refusal = refusal ?? ExchangeFailure(error: error, statement: index)
                case .skipped: break
                }
            }
            try endPipeline()
        } catch {
            // A server error explains more than the lost connection that follows it.
            throw refusal ?? ExchangeFailure(error: error, statement: nil)
        }
        if let refusal { throw refusal }
        return results
    }

    private enum Reply {
        case rows(Rows)
        case refused(DatabaseError)
        /// Not run, because an earlier statement was refused.
        case skipped
    }

    private func send(_ statements: [Statement]) throws(DatabaseError) {
        guard unsafe PQenterPipelineMode(handle) == 1 else { throw lost() }
        for statement in statements { try send(statement) }
        guard unsafe PQpipelineSync(handle) == 1 else { throw lost() }
        try flush()
    }

    private func send(_ statement: Statement) throws(DatabaseError) {
        let bound = BoundParameters(statement.parameters)
        let sent = unsafe bound.bytes.withUnsafeBytes { bytes in
            // An empty value still needs an address: libpq takes a null pointer for NULL.
            let base = unsafe bytes.baseAddress ?? UnsafeRawPointer(handle)
            let values = unsafe bound.offsets.map { offset in
                unsafe offset < 0 ? nil : (base + offset).assumingMemoryBound(to: CChar.self)
            }
            return unsafe PQsendQueryParams(
                handle,
                statement.sql,
                CInt(bound.types.count),
                bound.types,
                values,
                bound.lengths,
                bound.formats,
                1
            )
        }
        guard sent == 1 else { throw notSent() }
    }

    /// libpq refuses statements that the protocol cannot carry: more than 65,535 parameters.
    private func notSent() -> DatabaseError {
        guard isUsable else { return lost() }
        isAbandoned = true
        return DatabaseError(.invalidStatement, "libpq cannot send the statement")
    }

    private func reply() throws(DatabaseError) -> Reply {
        var reply = Reply.skipped
        while let result = unsafe try nextResult() {
            switch unsafe PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                reply = unsafe .rows(Rows(owning: result))
            case PGRES_PIPELINE_ABORTED:
                unsafe PQclear(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                unsafe PQclear(result)
                throw copyOutOfPlace()
            default:
                let error = unsafe takeError(result)
                // When the server reports an error and closes, libpq adds one more error for the
                // lost connection.
                if case .refused = reply { return reply }
                guard error.sqlState != nil else { throw error }
                reply = .refused(error)
            }
        }
        return reply
    }

    /// The error for a COPY statement outside `copyIn` and `copyOut`.
    func copyOutOfPlace() -> DatabaseError {
        isAbandoned = true
        return DatabaseError(.invalidStatement, "COPY goes through copyIn and copyOut only")
    }

    private func endPipeline() throws(DatabaseError) {
        guard let result = unsafe try nextResult() else { throw lost() }
        defer { unsafe PQclear(result) }
        guard unsafe PQresultStatus(result) == PGRES_PIPELINE_SYNC,
            unsafe PQexitPipelineMode(handle) == 1
        else { throw lost() }
    }

    /// Reads the error of a failed result and clears it. An error from libpq itself means that the
    /// connection is lost.
    func takeError(_ result: OpaquePointer) -> DatabaseError {
        let error = unsafe DatabaseError(result: result)
        if error.sqlState == nil { isAbandoned = true }
        unsafe PQclear(result)
        return error
    }
}
