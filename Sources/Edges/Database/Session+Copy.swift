internal import CPostgres

extension Session {
    /// Starts a COPY; afterwards data flows in the direction that `status` names.
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

    /// Sends a piece of COPY data.
    func putCopyData(_ bytes: [UInt8]) throws(DatabaseError) {
        try untilAccepted {
            unsafe bytes.withUnsafeBytes {
                let start = unsafe $0.baseAddress?.assumingMemoryBound(to: CChar.self)
                return unsafe PQputCopyData(handle, start, CInt($0.count))
            }
        }
    }

    /// Ends COPY data, with a reason when the server is to discard it.
    func endCopy(refusal: String?) throws(DatabaseError) {
        try untilAccepted { unsafe PQputCopyEnd(handle, refusal) }
        try flush()
    }

    /// How many rows the COPY that just ended moved.
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

    /// The next row of a COPY out, as the server wrote it; nil after the last.
    func nextCopiedRow() throws(DatabaseError) -> [UInt8]? {
        while true {
            var start: UnsafeMutablePointer<CChar>?
            let count = unsafe PQgetCopyData(handle, &start, 1)
            if count > 0 {
                defer { unsafe PQfreemem(start) }
                return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
            }
            // -1: done; -2: the error is in the result that follows.
            if count < 0 { return nil }
            try waitForInput()
            guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
        }
    }

    private func untilAccepted(_ put: () -> CInt) throws(DatabaseError) {
        while true {
            let accepted = put()
            if accepted == 1 { return }
            // The server may have refused the rows and closed: its error is in the result.
            if accepted < 0 { throw lost() }
            try flush()
        }
    }
}
