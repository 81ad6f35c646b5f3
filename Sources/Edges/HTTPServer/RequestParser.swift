internal import CLLHTTP
package import EventLoop

/// A strict parser that turns the bytes of one connection into requests.
///
/// It is a class because llhttp calls back into it during `parse`. llhttp pauses at the end of each
/// head and each message. Decisions therefore do not depend on how the input was split, and the
/// parser never takes in more than one request at a time.
@safe package final class RequestParser {
    /// The result of `parse`.
    package enum Event {
        /// All bytes were consumed, and no head or request is complete yet.
        case needsMore
        /// The head is valid and a body follows. The client may wait for a 100 before sending it.
        case bodyFollows(expectsContinue: Bool)
        /// A complete request. The bytes after it were not consumed.
        case request(HTTPRequest)
        /// The request is invalid, and the connection cannot be used any further.
        case failed(RequestFailure)
    }

    private enum Stage { case idle, head, body, failed }

    private let raw = UnsafeMutablePointer<llhttp_t>.allocate(capacity: 1)
    let limits: HTTPServerLimits
    private let peer: PeerAddress?
    /// The limit for the current body, in bytes.
    private(set) var bodyLimit: Int
    private var stage = Stage.idle

    var failure: RequestFailure?
    var draft = RequestDraft()
    var isHTTP = false
    var recent: UInt64 = 0
    var executed: UnsafePointer<CChar>?
    private var isPaused = false
    private var headCount = 0
    private var bodyCount = 0

    /// Creates a parser for a new connection.
    package init(limits: HTTPServerLimits, peer: PeerAddress?) {
        self.limits = limits
        self.peer = peer
        bodyLimit = limits.bodyBytes
        unsafe llhttp_init(raw, HTTP_REQUEST, parserSettings)
        unsafe raw.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        unsafe raw.deallocate()
    }

    /// Whether a request has begun and is not complete.
    package var isReceiving: Bool { stage == .head || stage == .body }

    /// Whether the head is complete and the body is not.
    package var isReceivingBody: Bool { stage == .body }

    /// Bytes of the current body received so far, including chunk framing.
    package var receivedBodyBytes: Int { bodyCount }

    /// Bytes of the current request held in memory.
    var heldBytes: Int { isReceiving ? draft.byteCount : 0 }

    /// Consumes bytes from `offset` on, and advances it, until there is an event to report.
    package func parse(_ bytes: Span<UInt8>, from offset: inout Int) -> Event {
        while offset < bytes.count {
            switch stage {
            case .idle:
                offset = skipEmptyLines(bytes, from: offset)
                if offset < bytes.count { begin() }
            case .head:
                if let event = parseHead(bytes, &offset) { return event }
            case .body:
                if let event = parseBody(bytes, &offset) { return event }
            case .failed: offset = bytes.count
            }
        }
        return failure.map { .failed($0) } ?? .needsMore
    }
}

@available(*, unavailable)
extension RequestParser: Sendable {}

// MARK: - Stages

extension RequestParser {
    // Empty lines before a request are allowed. They do not start the timeout for its head.
    private func skipEmptyLines(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count,
            bytes[offset] == UInt8(ascii: "\r") || bytes[offset] == UInt8(ascii: "\n")
        {
            offset += 1
        }
        return offset
    }

    private func begin() {
        unsafe llhttp_reset(raw)
        stage = .head
        headCount = 0
        bodyCount = 0
        draft.begin()
        bodyLimit = limits.bodyBytes
        isPaused = false
        isHTTP = false
        recent = 0
    }

    private func parseHead(_ bytes: Span<UInt8>, _ offset: inout Int) -> Event? {
        let allowed = min(bytes.count - offset, limits.headBytes - headCount)
        guard allowed > 0 else { return fail(.headTooLarge(limits.headBytes)) }
        let used = execute(bytes.extracting(offset..<offset + allowed))
        offset += used
        headCount += used
        if let failure { return fail(failure) }
        guard isPaused else { return nil }
        do throws(RequestFailure) {
            return try endHead()
        } catch {
            return fail(error)
        }
    }

    private func endHead() throws(RequestFailure) -> Event? {
        // The server decides whether to switch protocols, and this one never does.
        unsafe raw.pointee.upgrade = 0
        let expectsContinue = unsafe try draft.checkHead(raw.pointee, limits)
        guard unsafe raw.pointee.hasBody else { return .request(takeRequest()) }
        stage = .body
        draft.isHeadComplete = true
        return .bodyFollows(expectsContinue: expectsContinue)
    }

    private func parseBody(_ bytes: Span<UInt8>, _ offset: inout Int) -> Event? {
        let used = execute(bytes.extracting(offset..<bytes.count))
        offset += used
        bodyCount += used
        // Chunk sizes, extensions and trailers carry no content; too many of them are an attack.
        let content = draft.body.count
        if bodyCount - content > limits.headBytes + 8 * content {
            return fail(.malformed("its chunks are mostly framing"))
        }
        if let failure { return fail(failure) }
        guard isPaused else { return nil }
        return .request(takeRequest())
    }

    private func takeRequest() -> HTTPRequest {
        stage = .idle
        let (target, headers, body) = draft.take()
        return request(target, headers, body, keepsAlive: unsafe raw.pointee.keepsAlive)
    }

    private func request(
        _ target: String,
        _ headers: HTTPHeaders,
        _ body: [UInt8],
        keepsAlive: Bool
    ) -> HTTPRequest {
        HTTPRequest(
            method: unsafe methodNames[Int(raw.pointee.method)],
            target: target,
            headers: headers,
            body: body,
            keepsAlive: keepsAlive,
            isHTTP10: unsafe raw.pointee.http_minor == 0,
            peer: peer
        )
    }

    private func fail(_ failure: RequestFailure) -> Event {
        self.failure = failure
        abandon()
        return .failed(failure)
    }

    /// Ignores all further input and frees the memory.
    func abandon() {
        stage = .failed
        draft.drop()
    }

    /// Runs llhttp, which calls the callbacks. Returns how many bytes it consumed.
    private func execute(_ bytes: Span<UInt8>) -> Int {
        if isPaused {
            unsafe llhttp_resume(raw)
            isPaused = false
        }
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            let base = unsafe UnsafeRawPointer(bytes.baseAddress!).assumingMemoryBound(
                to: CChar.self
            )
            unsafe executed = base
            let result = unsafe llhttp_execute(raw, base, bytes.count)
            guard result != HPE_OK else {
                unsafe rememberEnd(base + bytes.count)
                return bytes.count
            }
            if result == HPE_PAUSED {
                isPaused = true
            } else if failure == nil {
                failure = unsafe RequestFailure(result, raw.pointee)
            }
            return unsafe llhttp_get_error_pos(raw) - base
        }
    }
}

// MARK: - Bodies

extension RequestParser {
    /// The current request without its body, once its head is complete.
    var head: HTTPRequest {
        request(String(decoding: draft.target, as: UTF8.self), draft.headers, [], keepsAlive: false)
    }

    /// Whether the body may be longer than `count` bytes.
    func bodyMayExceed(_ count: Int) -> Bool {
        unsafe raw.pointee.has(F_CHUNKED) || raw.pointee.content_length > UInt64(count)
    }

    /// Sets the limit for the body. Returns false when its Content-Length is already larger.
    func limitBody(to limit: Int) -> Bool {
        bodyLimit = limit
        return unsafe raw.pointee.has(F_CHUNKED) || raw.pointee.content_length <= UInt64(limit)
    }
}
