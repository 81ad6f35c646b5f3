internal import EventLoop

/// One client connection. The handler gets one request at a time; answers leave in order.
final class HTTPConnection {
    /// The state of the connection. It parses requests only in `idle` and `receiving`, and only
    /// while the client reads its answers.
    enum Phase {
        /// Between requests.
        case idle
        /// A request has begun to arrive.
        case receiving
        /// The handler has a request.
        case handling
        /// The last answer is being written.
        case finishing
        /// The last answer is written and our side is closed; the client has yet to close its side.
        case lingering
        case closed
    }

    let server: HTTPServer
    let stream: Stream
    let parser: RequestParser
    /// The index of this connection in the server's array.
    var slot = 0
    /// The loop time after which the server's sweep calls `expire`.
    var deadline = UInt64.max

    var phase = Phase.idle
    var output: [UInt8] = []
    var isDriving = false
    var isWriting = false
    var closesAfterStream = false
    var inputEnded = false
    var mustDiscardInput = false
    var discardedBytes = 0
    /// The bytes that the server counts for this connection.
    var heldBytes = 0
    /// When the client last made progress (see `noteProgress`), and the request's bytes held then.
    private(set) var progressAt: UInt64 = 0
    private var bytesAtProgress = 0
    /// The body size of the request that the handler is working on.
    private var bodyBytes = 0
    private var unreadAtLastSweep = Int.max
    // The handler owns the exchange; its `deinit` clears this reference.
    unowned var exchange: HTTPExchange?

    private var ahead: [UInt8] = []
    private var aheadStart = 0
    private var readingIsPaused = false
    private var bodyStart: UInt64 = 0

    init(on server: HTTPServer, _ stream: Stream) {
        self.server = server
        self.stream = stream
        parser = RequestParser(limits: server.limits, peer: stream.peer)
    }

    /// Starts reading. With `failure`, answers with that error and ends the connection.
    func start(refusing failure: RequestFailure? = nil) {
        setDeadline(after: server.limits.idleMilliseconds)
        stream.startReading { [unowned self] event in
            switch event {
            case .bytes(let bytes): didRead(bytes)
            case .end: didReadEnd()
            case .failed: close()
            }
        }
        if let failure { refuse(failure) }
    }

    func setDeadline(after milliseconds: UInt64) {
        deadline = server.loop.now &+ milliseconds
    }
}

// MARK: - Input

extension HTTPConnection {
    private var canParse: Bool { (phase == .idle || phase == .receiving) && !isBackedUp }

    private var aheadCount: Int { ahead.count - aheadStart }

    private func didRead(_ bytes: Span<UInt8>) {
        if phase == .lingering || phase == .finishing { return discard(bytes.count) }
        var offset = 0
        if aheadCount == 0 { drive(bytes, &offset) }
        if offset < bytes.count, phase != .closed { keep(bytes.extracting(offset..<bytes.count)) }
        settle()
    }

    private func didReadEnd() {
        inputEnded = true
        if phase == .lingering { return close() }
        settle()
    }

    /// Parses requests and passes them to the handler, until input runs out or parsing must wait.
    ///
    /// A handler that replies synchronously only changes the phase, and this loop continues. A
    /// thousand pipelined requests in one packet therefore use no extra stack.
    private func drive(_ bytes: Span<UInt8>, _ offset: inout Int) {
        isDriving = true
        defer { isDriving = false }
        while canParse, offset < bytes.count {
            guard output.count < HTTPConnection.corkBytes else {
                flush()
                continue
            }
            let event = parser.parse(bytes, from: &offset)
            if phase == .idle, parser.isReceiving { beginReceiving() }
            handle(event, isLast: offset == bytes.count)
            countBytes()
        }
    }

    private func beginReceiving() {
        phase = .receiving
        setDeadline(after: server.limits.headMilliseconds)
    }

    private func handle(_ event: RequestParser.Event, isLast: Bool) {
        switch event {
        case .needsMore: break
        case .bodyFollows(let expectsContinue): beginBody(expectsContinue && isLast)
        case .request(let request): begin(request)
        case .failed(let failure): refuse(failure)
        }
    }

    /// `isAwaited` means that the client has sent no body yet and may be waiting for a 100.
    private func beginBody(_ isAwaited: Bool) {
        if let bodyLimit = server.bodyLimit, parser.bodyMayExceed(server.limits.freeBytes) {
            guard let limit = bodyLimit(parser.head) else { return beginWithoutBody() }
            guard parser.limitBody(to: limit) else { return refuse(.bodyTooLarge(limit)) }
        }
        bodyStart = server.loop.now
        setDeadline(after: server.limits.bodyMilliseconds)
        if isAwaited { output.append("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    /// The handler does not want the body: it gets the request now, and the body is discarded.
    private func beginWithoutBody() {
        let request = parser.head
        parser.abandon()
        mustDiscardInput = true
        begin(request)
    }

    private func begin(_ request: HTTPRequest) {
        phase = .handling
        deadline = .max
        bodyBytes = request.body.count
        let exchange = HTTPExchange(request, on: self)
        self.exchange = exchange
        server.handle(exchange)
    }

    /// Call this after every event: it writes pending output, parses the bytes read ahead, and
    /// closes a connection that is finished.
    func settle() {
        guard !isDriving else { return }
        flush()
        driveAhead()
        countBytes()
        guard phase != .closed, !isBackedUp else { return }
        switch phase {
        case .finishing: finish()
        case .receiving where inputEnded: refuse(.endedEarly)
        case .idle where inputEnded: close()
        case .idle:
            setDeadline(after: server.limits.idleMilliseconds)
            deadline = min(deadline, server.idleEndsAt)
        case .handling: deadline = .max
        case .receiving, .lingering, .closed: break
        }
    }

    private func driveAhead() {
        if canParse, aheadCount > 0 {
            let bytes = ahead
            var offset = aheadStart
            ahead = []
            drive(bytes.span, &offset)
            ahead = bytes
            aheadStart = offset
            flush()
        }
        if aheadCount == 0 || phase == .finishing { dropAhead() }
        if readingIsPaused, aheadCount < server.limits.pipelinedBytes {
            readingIsPaused = false
            stream.resumeReading()
        }
    }

    private func keep(_ bytes: Span<UInt8>) {
        guard phase != .finishing, phase != .lingering else { return discard(bytes.count) }
        ahead.append(bytes)
        guard aheadCount >= server.limits.pipelinedBytes else { return }
        readingIsPaused = true
        stream.stopReading()
    }

    private func dropAhead() {
        if aheadCount > 0 { mustDiscardInput = true }
        ahead = []
        aheadStart = 0
    }

    private func discard(_ count: Int) {
        mustDiscardInput = true
        discardedBytes += count
        if discardedBytes > server.limits.discardedBytes { close() }
    }

    private static let corkBytes = 64 * 1024
}

// MARK: - Time

extension HTTPConnection {
    /// Called by the sweep when the deadline has passed.
    func expire() {
        if isBackedUp { return expireWrite() }
        switch phase {
        // The kernel already holds a request, which this turn of the loop will read.
        case .idle where stream.hasUnreadInput && !inputEnded: return
        case .idle, .finishing, .lingering: close()
        case .receiving where parser.isReceivingBody: expireBody()
        case .receiving: refuse(.slowHead)
        case .handling, .closed: deadline = .max
        }
    }

    // A client that has read anything since the last check gets the full time again.
    private func expireWrite() {
        guard stream.unacknowledgedBytes < unreadAtLastSweep else { return abort() }
        expectReading()
    }

    /// Starts the time within which the client must read some of its answer. Bytes in the kernel's
    /// buffer count too: a slow client empties that buffer long before our queue shrinks.
    func expectReading() {
        unreadAtLastSweep = stream.unacknowledgedBytes
        progressAt = server.loop.now
        setDeadline(after: server.limits.writeMilliseconds)
    }

    private func expireBody() {
        let received = UInt64(parser.receivedBodyBytes)
        let earned = received * 1_000 / max(1, server.limits.bodyBytesPerSecond)
        let due = bodyStart + server.limits.bodyMilliseconds + earned
        guard due > server.loop.now else { return refuse(.slowBody) }
        deadline = due
    }
}

// MARK: - Memory

extension HTTPConnection {
    /// Whether only the client can reduce the bytes that this connection holds.
    var waitsForClient: Bool { phase == .receiving || isBackedUp }

    /// Reports to the server how many bytes this connection holds.
    func countBytes() {
        guard phase != .closed else { return }
        if phase == .receiving { noteProgress(parser.heldBytes) }
        if phase != .handling { bodyBytes = 0 }
        let bytes = parser.heldBytes + bodyBytes + ahead.count + stream.queuedBytes
        if bytes != heldBytes { server.count(bytes, of: self) }
    }

    /// Counts as progress only a new request or another `freeBytes` bytes, not a slow trickle.
    private func noteProgress(_ bytes: Int) {
        let isNew = bytes < bytesAtProgress
        guard isNew || bytes >= bytesAtProgress + server.limits.freeBytes else { return }
        bytesAtProgress = bytes
        progressAt = server.loop.now
    }

    /// Ends this connection to free its memory for the others.
    func giveWay() {
        if isBackedUp { return abort() }
        refuse(.tooManyBytes)
        // While this connection parses, `refuse` does not count the bytes that it has freed.
        countBytes()
    }
}
