internal import CUV
private import Glibc

/// A TCP or Unix connection, or one end of a pipe: bytes in, bytes out.
@safe package final class Stream: Handle {
    /// What a stream tells its reader.
    package enum ReadEvent: ~Escapable {
        /// Bytes that came in, valid until the reader returns.
        case bytes(Span<UInt8>)
        /// The other side will send no more; it may still read.
        case end
        /// The connection is broken.
        case failed(UVError)
    }

    /// What the kernel calls the thing behind the stream.
    enum Kind {
        case tcp
        case unixSocket
        case pipe
    }

    let kind: Kind
    private var onRead: ((borrowing ReadEvent) -> Void)?
    private var cachedPeer: PeerAddress?

    /// A TCP socket that is not connected yet: `uv_accept` or `uv_tcp_connect` comes next.
    init(tcpOn loop: EventLoop) throws(UVError) {
        let raw = unsafe try Handle.allocate(uv_tcp_t.self, "make a socket") {
            unsafe uv_tcp_init(loop.raw, $0)
        }
        kind = .tcp
        unsafe super.init(adopting: raw)
    }

    /// Takes over a connected TCP socket; it is closed with the stream, or at once on failure.
    convenience init(on loop: EventLoop, tcp descriptor: Int32) throws(UVError) {
        do throws(UVError) {
            try self.init(tcpOn: loop)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        let result = unsafe uv_tcp_open(rawTCP, descriptor)
        guard result == 0 else {
            Glibc.close(descriptor)
            closeHandle()
            throw UVError(code: result, operation: "open a socket")
        }
    }

    /// A Unix socket that is not connected yet: `uv_accept` comes next.
    init(unixSocketOn loop: EventLoop) throws(UVError) {
        let raw = unsafe try Handle.allocate(uv_pipe_t.self, "make a Unix socket") {
            unsafe uv_pipe_init(loop.raw, $0, 0)
        }
        kind = .unixSocket
        unsafe super.init(adopting: raw)
    }

    /// Takes over one end of a pipe; the descriptor is closed with the stream, or at once on
    /// failure.
    package convenience init(on loop: EventLoop, pipe descriptor: Int32) throws(UVError) {
        try self.init(on: loop, descriptor, .pipe)
    }

    /// Takes over a connected Unix socket; it is closed with the stream, or at once on failure.
    convenience init(on loop: EventLoop, unixSocket descriptor: Int32) throws(UVError) {
        try self.init(on: loop, descriptor, .unixSocket)
    }

    private init(on loop: EventLoop, _ descriptor: Int32, _ kind: Kind) throws(UVError) {
        let raw: UnsafeMutablePointer<uv_pipe_t>
        do throws(UVError) {
            unsafe raw = try Handle.allocate(uv_pipe_t.self, "make a pipe") {
                unsafe uv_pipe_init(loop.raw, $0, 0)
            }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.kind = kind
        unsafe super.init(adopting: raw)
        let result = unsafe uv_pipe_open(raw, descriptor)
        guard result == 0 else {
            Glibc.close(descriptor)
            closeHandle()
            throw UVError(code: result, operation: "open a pipe")
        }
    }

    /// Releases the descriptor; writes still queued fail, the reader hears nothing more.
    ///
    /// Idempotent: each completion is called once, when the stream has let go.
    package func close(_ completion: (() -> Void)? = nil) {
        onRead = nil
        closeHandle(completion)
    }

    /// Ends a connection with a reset: the other side sees an error, not an orderly end.
    package func reset() {
        guard !isClosing else { return }
        if kind == .tcp {
            var linger = linger(l_onoff: 1, l_linger: 0)
            let size = socklen_t(MemoryLayout<Glibc.linger>.size)
            unsafe _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
        }
        close()
    }

    override func didClose() {
        onRead = nil
    }

    var raw: UnsafeMutablePointer<uv_stream_t> {
        unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_stream_t.self)
    }

    var rawTCP: UnsafeMutablePointer<uv_tcp_t> {
        precondition(kind == .tcp, "the stream is not a TCP socket")
        return unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_tcp_t.self)
    }
}

// MARK: - Reading

extension Stream {
    /// Calls the reader for what comes in, until the end, a failure, `stopReading` or `close`.
    package func startReading(_ onRead: @escaping (borrowing ReadEvent) -> Void) {
        guard !isClosing else { return }
        self.onRead = onRead
        resumeReading()
    }

    /// Leaves what comes in with the kernel; `resumeReading` goes on with the same reader.
    package func stopReading() {
        unsafe _ = uv_read_stop(raw)
    }

    /// Reads again after `stopReading`.
    package func resumeReading() {
        guard !isClosing, onRead != nil else { return }
        unsafe _ = uv_read_start(raw, provideReadBuffer, streamDidRead)
    }

    fileprivate func didRead(_ count: Int, _ base: UnsafeMutablePointer<CChar>?) {
        guard count != 0, let onRead else { return }
        if count > 0 {
            let start = unsafe UnsafeRawPointer(base!).assumingMemoryBound(to: UInt8.self)
            let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
            onRead(.bytes(unsafe Span(_unsafeElements: bytes)))
        } else if count == Int(UV_EOF.rawValue), !hasPendingError {
            onRead(.end)
        } else {
            stopReading()
            let isReset = count == Int(UV_EOF.rawValue)
            let code = isReset ? UV_ECONNRESET.rawValue : Int32(count)
            onRead(.failed(UVError(code: code, operation: "read")))
        }
    }
}

private let provideReadBuffer: uv_alloc_cb = { handle, _, buffer in
    let loop = unsafe Unmanaged<EventLoop>.fromOpaque(handle!.pointee.loop.pointee.data)
    unsafe loop._withUnsafeGuaranteedRef { loop in
        unsafe buffer!.pointee.base = loop.readBuffer.baseAddress!
            .assumingMemoryBound(to: CChar.self)
        unsafe buffer!.pointee.len = loop.readBuffer.count
    }
}

private let streamDidRead: uv_read_cb = { raw, count, buffer in
    let stream = unsafe Stream.owner(raw)
    unsafe stream.didRead(count, buffer!.pointee.base)
}

// MARK: - Addresses

extension Stream {
    /// The other side of a TCP connection; unknown for pipes and for a connection already lost.
    package var peer: PeerAddress? {
        if let cachedPeer { return cachedPeer }
        guard kind == .tcp, !isClosing else { return nil }
        cachedPeer = unsafe PeerAddress { unsafe uv_tcp_getpeername(rawTCP, $0, $1) }
        return cachedPeer
    }

    // libuv reports a reset that comes right behind some bytes as an orderly end. It is not: the
    // other side will not read an answer. The socket still knows.
    private var hasPendingError: Bool {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard isSocket else { return false }
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        return error != 0
    }

    /// Whether bytes, or the end, have arrived that no reader has seen.
    package var hasUnreadInput: Bool {
        var byte: UInt8 = 0
        return unsafe isSocket
            && recv(descriptor, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT)) >= 0
    }

    /// Whether the stream is a connection, which has two directions.
    var isSocket: Bool { kind != .pipe }

    /// Bytes that were written and that the other side has not acknowledged: those that wait here,
    /// and those that the kernel still holds.
    package var unacknowledgedBytes: Int {
        let inKernel = kind == .tcp ? Int(cuv_unsent_bytes(descriptor)) : 0
        return queuedBytes + max(0, inKernel)
    }

    private var descriptor: Int32 {
        var descriptor: Int32 = -1
        unsafe uv_fileno(handle, &descriptor)
        return descriptor
    }
}
