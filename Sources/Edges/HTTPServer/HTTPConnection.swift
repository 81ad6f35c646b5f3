internal import EventLoop

/// One client connection: bytes in, one request at a time to the handler, answers out in order.
final class HTTPConnection {
    /// Where the connection stands. Requests are parsed only in `idle` and `receiving`, and only
    /// while the client takes its answers.
    enum Phase {
        /// Between requests.
        case idle
        /// A request has begun to arrive.
        case receiving
        /// The handler has a request.
        case handling
        /// The last answer is on its way out.
        case finishing
        /// The last answer is out; the client reads it and closes.
        case lingering
        case closed
    }

    let server: HTTPServer
    let stream: Stream
    let parser: RequestParser
    /// Where the server keeps this connection.
    var slot = 0
    /// When the sweep looks at this connection, on the clock of the loop.
    var deadline = UInt64.max

    var phase = Phase.idle
    var output: [UInt8] = []
    var isDriving = false
    var isWriting = false
    var closesAfterStream = false
    var inputEnded = false
    var mustDiscardInput = false
    var discardedBytes = 0
    /// What the server has counted for this connection.
    var heldBytes = 0
    /// When the client last moved a good many bytes, and how many it had moved by then.
    private(set) var progressAt: UInt64 = 0
    private var bytesAtProgress = 0
    /// The body of the request that the handler has.
    private var bodyBytes = 0
    private var unreadAtLastSweep = Int.max
    // The handler owns the exchange, which clears this when it goes.
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

    /// Begins to read, or to turn the client away.
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

    /// Parses and hands over requests until there is nothing left to parse or to parse with.
    ///
    /// A reply given from inside the handler only changes the phase; this loop goes on from there,
    /// so a thousand requests in one packet take a thousand turns and no stack.
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

    /// `isAwaited` when the client has sent nothing of the body and may be waiting to be asked.
    private func beginBody(_ isAwaited: Bool) {
        if let bodyLimit = server.bodyLimit, parser.bodyMayExceed(server.limits.freeBytes) {
            guard let limit = bodyLimit(parser.head) else { return beginWithoutBody() }
            guard parser.limitBody(to: limit) else { return refuse(.bodyTooLarge(limit)) }
        }
        bodyStart = server.loop.now
        setDeadline(after: server.limits.bodyMilliseconds)
        if isAwaited { output.append("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    /// Nobody wants the body: the request is answered at once, and what comes in is thrown away.
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

    /// Brings the connection to rest after something happened: writes what is due, parses what
    /// was read ahead, closes what has ended.
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
    /// Does what is due when the deadline has passed.
    func expire() {
        if isBackedUp { return expireWrite() }
        switch phase {
        // A request that the kernel has is read in this turn of the loop.
        case .idle where stream.hasUnreadInput && !inputEnded: return
        case .idle, .finishing, .lingering: close()
        case .receiving where parser.isReceivingBody: expireBody()
        case .receiving: refuse(.slowHead)
        case .handling, .closed: deadline = .max
        }
    }

    // A client that takes anything at all is given the same time again.
    private func expireWrite() {
        guard stream.unacknowledgedBytes < unreadAtLastSweep else { return abort() }
        expectReading()
    }

    /// Gives the client time to take some of what waits for it. The kernel's own buffer counts:
    /// a slow client empties it for a long time before anything moves here.
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
    /// Whether only the client can make this connection hold less.
    var waitsForClient: Bool { phase == .receiving || isBackedUp }

    /// Tells the server how much this connection holds.
    func countBytes() {
        guard phase != .closed else { return }
        if phase == .receiving { noteProgress(parser.heldBytes) }
        if phase != .handling { bodyBytes = 0 }
        let bytes = parser.heldBytes + bodyBytes + ahead.count + stream.queuedBytes
        if bytes != heldBytes { server.count(bytes, of: self) }
    }

    /// A byte now and then is no progress.
    private func noteProgress(_ bytes: Int) {
        let isNew = bytes < bytesAtProgress
        guard isNew || bytes >= bytesAtProgress + server.limits.freeBytes else { return }
        bytesAtProgress = bytes
        progressAt = server.loop.now
    }

    /// Makes room for others.
    func giveWay() {
        if isBackedUp { return abort() }
        refuse(.tooManyBytes)
    }
}
