internal import CPostgres
private import Glibc

/// One open connection to a server. It owns a libpq handle and never waits past its deadline.
///
/// All calls into libpq are non-blocking, so an unresponsive server cannot hold the caller longer
/// than that.
@safe
final class Session {
    let handle: OpaquePointer
    var deadline: ContinuousClock.Instant?
    /// Set when a protocol exchange was left unfinished: the session can only be closed.
    var isAbandoned = false

    private init(handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit { unsafe PQfinish(handle) }

    var isUsable: Bool { unsafe PQstatus(handle) == CONNECTION_OK && !isAbandoned }

    var hasExpired: Bool { deadline.map { $0 <= .now } ?? false }

    /// Whether a transaction was open when the server was last ready, or a command is running.
    var isInTransaction: Bool { unsafe PQtransactionStatus(handle) != PQTRANS_IDLE }

    /// Whether an idle session can be used, checked without waiting. An idle server sends nothing
    /// unless it is about to close. Opening a new session costs less than reading what it sent.
    var isStillThere: Bool { isUsable && waitForSocket(POLLIN, milliseconds: 0) == 0 }

    static func open(
        _ url: String,
        deadline: ContinuousClock.Instant
    ) throws(DatabaseError) -> Session {
        // libpq takes an unreadable URL for the name of a local database.
        guard unsafe cpostgres_can_read(url) else {
            throw DatabaseError(
                .configuration,
                "the URL of the database cannot be read. DATABASE_URL looks like"
                    + " postgresql://name:password@host:5432/database"
            )
        }
        guard let handle = unsafe cpostgres_connect_start(url) else {
            preconditionFailure("out of memory")
        }
        let session = unsafe Session(handle: handle)
        session.deadline = deadline
        unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        // By default, libpq prints notices to stderr, which is reserved for the log.
        unsafe PQsetNoticeReceiver(handle, { _, _ in }, nil)
        try session.finishConnecting()
        unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        unsafe PQsetnonblocking(handle, 1)
        return session
    }

    private func finishConnecting() throws(DatabaseError) {
        var state = PGRES_POLLING_WRITING
        while unsafe PQstatus(handle) != CONNECTION_BAD {
            if state == PGRES_POLLING_OK { return }
            guard isReadyInTime(for: state == PGRES_POLLING_READING ? POLLIN : POLLOUT) else {
                throw unreachable("no answer in time")
            }
            state = unsafe PQconnectPoll(handle)
        }
        throw connectionError()
    }
}

// MARK: Waiting

extension Session {
    /// Waits until the socket is ready. When the deadline passes, asks the server to cancel its
    /// work and abandons the session.
    private func wait(for events: Int32) throws(DatabaseError) {
        if isReadyInTime(for: events) { return }
        isAbandoned = true
        unsafe Cancellation(of: handle)?.send()
        throw DatabaseError(.timeout, "PostgreSQL did not answer before the deadline")
    }

    /// Returns false when the deadline passed first.
    private func isReadyInTime(for events: Int32) -> Bool {
        while true {
            let ready = waitForSocket(events, milliseconds: millisecondsLeft)
            // libpq will detect a socket error itself and report it better.
            if ready > 0 || (ready < 0 && errno != EINTR) { return true }
            if millisecondsLeft == 0 { return false }
        }
    }

    /// Sends all data that libpq has buffered, and reads incoming data meanwhile.
    func flush() throws(DatabaseError) {
        while true {
            let unsent = unsafe PQflush(handle)
            if unsent == 0 { return }
            if unsent < 0 { throw lost() }
            try wait(for: POLLIN | POLLOUT)
            // The next flush reports a failure of this call.
            _ = unsafe PQconsumeInput(handle)
        }
    }

    /// The next result of the current statement; nil after the last. The caller clears it.
    func nextResult() throws(DatabaseError) -> OpaquePointer? {
        while unsafe PQisBusy(handle) == 1 {
            try waitForInput()
            guard unsafe PQconsumeInput(handle) == 1 else { break }
        }
        return unsafe PQgetResult(handle)
    }

    func waitForInput() throws(DatabaseError) { try wait(for: POLLIN) }

    func lost() -> DatabaseError {
        isAbandoned = true
        return DatabaseError(.connectionLost, "the connection to PostgreSQL was lost")
    }

    /// The time until the deadline, or -1 (no limit) without one.
    private var millisecondsLeft: CInt {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = (deadline - .now).components
        // Rounded up, so that the last fraction of a millisecond is not a busy loop.
        let milliseconds =
            seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return CInt(clamping: max(0, milliseconds))
    }

    private func waitForSocket(_ events: Int32, milliseconds: CInt) -> CInt {
        var descriptor = pollfd(fd: unsafe PQsocket(handle), events: Int16(events), revents: 0)
        return unsafe poll(&descriptor, 1, milliseconds)
    }
}
