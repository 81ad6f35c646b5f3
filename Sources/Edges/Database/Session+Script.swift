internal import CPostgres

extension Session {
    /// Runs a script of any number of statements by the simple protocol and drops their results.
    func run(script: String) throws(DatabaseError) {
        guard unsafe PQsendQuery(handle, script) == 1 else { throw lost() }
        try flush()
        try drain()
    }

    /// Reads until the server is ready for a new command. Throws the first error found.
    func drain() throws(DatabaseError) {
        var failure: DatabaseError?
        while let result = unsafe try nextResult() {
            switch unsafe PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                unsafe PQclear(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                unsafe PQclear(result)
                throw failure ?? copyOutOfPlace()
            default:
                let error = unsafe takeError(result)
                failure = failure ?? error
                guard isUsable else { throw failure ?? error }
            }
        }
        if let failure { throw failure }
    }
}
