internal import CPostgres

extension Session {
    /// Starts a COPY. Data then flows in the direction that `status` names.
    func beginCopy(_ sql: String, _ status: ExecStatusType) throws(DatabaseError) {
        guard unsafe PQsendQuery(handle, sql) == 1 else { throw lost() }
        try flush()
        guard let result = unsafe try nextResult() else { throw lost() }
        let actual = unsafe PQresultStatus(result)
        if actual == status { return unsafe PQclear(result) }
        guard actual == PGRES_FATAL_ERROR else {
            unsafe PQclear(result)
            isAbandoned = true
            throw DatabaseError(.invalidStatement, "the statement is not the COPY expected here")
        }
        let error = unsafe takeError(result)
        try? drain()
        throw error
    }

    /// Sends some COPY data.
    func putCopyData(_ bytes: [UInt8]) throws(DatabaseError) {
        try untilAccepted {
            unsafe bytes.withUnsafeBytes {
                let start = unsafe $0.baseAddress?.assumingMemoryBound(to: CChar.self)
                return unsafe PQputCopyData(handle, start, CInt($0.count))
            }
        }
    }

    /// Ends the COPY data. A `refusal` makes the server discard the data and gives the reason.
    func endCopy(refusal: String?) throws(DatabaseError) {
        try untilAccepted { unsafe PQputCopyEnd(handle, refusal) }
        try flush()
    }

    /// How many rows the finished COPY transferred.
    func copiedRows() throws(DatabaseError) -> Int {
        guard let result = unsafe try nextResult() else { throw lost() }
        guard unsafe PQresultStatus(result) == PGRES_COMMAND_OK else {
            let error = unsafe takeError(result)
            try? drain()
            throw error
        }
        let count = unsafe Rows(owning: result).affected
        try drain()
        return count
    }

    /// The next row of COPY output, unparsed; nil after the last.
    func nextCopiedRow() throws(DatabaseError) -> [UInt8]? {
        while true {
            var start: UnsafeMutablePointer<CChar>?
            let count = unsafe PQgetCopyData(handle, &start, 1)
            if count > 0 {
                defer { unsafe PQfreemem(start) }
                return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
            }
            // -1 means done; -2 means that the next result holds the error.
            if count < 0 { return nil }
            try waitForInput()
            guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
        }
    }

    private func untilAccepted(_ put: () -> CInt) throws(DatabaseError) {
        while true {
            let accepted = put()
            if accepted == 1 { return }
            // The server may have rejected the rows and closed the connection.
            if accepted < 0 { throw lost() }
            try flush()
        }
    }
}
