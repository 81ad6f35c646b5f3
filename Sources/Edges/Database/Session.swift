internal import CPostgres
private import Glibc

/// One open connection to a server: owns libpq's handle and never waits past its deadline.
///
/// Everything is non-blocking inside: a server that stops answering costs the time left, no more.
@safe
final class Session {
    let handle: OpaquePointer
    var deadline: ContinuousClock.Instant?
    /// Set when the protocol was left in the middle of something: all that is left is to close.
    var isAbandoned = false

    private init(handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit { unsafe PQfinish(handle) }

    var isUsable: Bool { unsafe PQstatus(handle) == CONNECTION_OK && !isAbandoned }

    var hasExpired: Bool { deadline.map { $0 <= .now } ?? false }

    /// What the server said of the transaction when it last was ready.
    var isInTransaction: Bool { unsafe PQtransactionStatus(handle) != PQTRANS_IDLE }

    /// Looks, without waiting, whether an idle session can be used. An idle server has nothing to
    /// say unless it is about to close, and to open anew costs less than to find out.
    var isStillThere: Bool { isUsable && waitForSocket(POLLIN, milliseconds: 0) == 0 }

    static func open(
        _ url: String,
        deadline: ContinuousClock.Instant
    ) throws(DatabaseError) -> Session {
        // libpq takes what it does not understand for the name of a database on this machine.
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
        // libpq prints notices to stderr, which belongs to the log.
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
    /// Waits until the socket is ready. Past the deadline the server is asked to stop its work and
    /// the session is abandoned.
    private func wait(for events: Int32) throws(DatabaseError) {
        if isReadyInTime(for: events) { return }
        isAbandoned = true
        unsafe Cancellation(of: handle)?.send()
        throw DatabaseError(.timeout, "PostgreSQL did not answer before the deadline")
    }

    /// False when the deadline came first.
    private func isReadyInTime(for events: Int32) -> Bool {
        while true {
            let ready = waitForSocket(events, milliseconds: millisecondsLeft)
            // What is wrong with the socket, libpq finds out and says better.
            if ready > 0 || (ready < 0 && errno != EINTR) { return true }
            if millisecondsLeft == 0 { return false }
        }
    }

    /// Sends everything that libpq holds, taking in what arrives meanwhile.
    func flush() throws(DatabaseError) {
        while true {
            let unsent = unsafe PQflush(handle)
            if unsent == 0 { return }
            if unsent < 0 { throw lost() }
            try wait(for: POLLIN | POLLOUT)
            // Its failure shows in the next flush.
            _ = unsafe PQconsumeInput(handle)
        }
    }

    /// The next result of the running statement; nil at its end. The caller clears it.
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

    /// -1, for ever, without a deadline.
    private var millisecondsLeft: CInt {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = (deadline - .now).components
        // Rounded up, lest the last fraction is spent spinning.
        let milliseconds =
            seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return CInt(clamping: max(0, milliseconds))
    }

    private func waitForSocket(_ events: Int32, milliseconds: CInt) -> CInt {
        var descriptor = pollfd(fd: unsafe PQsocket(handle), events: Int16(events), revents: 0)
        return unsafe poll(&descriptor, 1, milliseconds)
    }
}
