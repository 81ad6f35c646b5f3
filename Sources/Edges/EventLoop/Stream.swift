internal import CUV
private import Glibc

/// A byte stream: a TCP connection, a Unix socket connection, or one end of a pipe.
@safe package final class Stream: Handle {
    /// An event for the reader of a stream.
    package enum ReadEvent: ~Escapable {
        /// Received bytes, valid until the reader returns.
        case bytes(Span<UInt8>)
        /// The other side will send no more, but may still read.
        case end
        /// The connection is broken.
        case failed(UVError)
    }

    /// The kind of kernel object behind the stream.
    enum Kind {
        case tcp
        case unixSocket
        case pipe
    }

    let kind: Kind
    private var onRead: ((borrowing ReadEvent) -> Void)?
    private var cachedPeer: PeerAddress?

    /// Creates an unconnected TCP socket, for `uv_accept`, `uv_tcp_open` or `uv_tcp_connect`.
    init(tcpOn loop: EventLoop) throws(UVError) {
        let raw = unsafe try Handle.allocate(uv_tcp_t.self, "make a socket") {
            unsafe uv_tcp_init(loop.raw, $0)
        }
        kind = .tcp
        unsafe super.init(adopting: raw)
    }

    /// Takes over a connected TCP socket. It is closed with the stream, or at once on failure.
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

    /// Creates an unconnected Unix socket, for `uv_accept`.
    init(unixSocketOn loop: EventLoop) throws(UVError) {
        let raw = unsafe try Handle.allocate(uv_pipe_t.self, "make a Unix socket") {
            unsafe uv_pipe_init(loop.raw, $0, 0)
        }
        kind = .unixSocket
        unsafe super.init(adopting: raw)
    }

    /// Takes over one end of a pipe. It is closed with the stream, or at once on failure.
    package convenience init(on loop: EventLoop, pipe descriptor: Int32) throws(UVError) {
        try self.init(on: loop, descriptor, .pipe)
    }

    /// Takes over a connected Unix socket. It is closed with the stream, or at once on failure.
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

    /// Closes the stream. Queued writes fail, and the reader gets no more events.
    ///
    /// Idempotent: each completion is called once, when libuv has closed the handle.
    package func close(_ completion: (() -> Void)? = nil) {
        onRead = nil
        closeHandle(completion)
    }

    /// Resets a TCP connection, so the other side sees an error and not an orderly end. Other
    /// streams are only closed.
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
    /// Calls the reader for each event, until the end, a failure, `stopReading` or `close`.
    package func startReading(_ onRead: @escaping (borrowing ReadEvent) -> Void) {
        guard !isClosing else { return }
        self.onRead = onRead
        resumeReading()
    }

    /// Leaves further input in the kernel. `resumeReading` continues with the same reader.
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
    /// The other side of a TCP connection; nil for other streams and for lost connections.
    package var peer: PeerAddress? {
        if let cachedPeer { return cachedPeer }
        guard kind == .tcp, !isClosing else { return nil }
        cachedPeer = unsafe PeerAddress { unsafe uv_tcp_getpeername(rawTCP, $0, $1) }
        return cachedPeer
    }

    // When a reset follows directly after some bytes, libuv reports an orderly end. But the other
    // side will not read an answer. The pending error of the socket shows the reset.
    private var hasPendingError: Bool {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard isSocket else { return false }
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        return error != 0
    }

    /// Whether the kernel holds unread bytes, or an unread end of input.
    package var hasUnreadInput: Bool {
        var byte: UInt8 = 0
        return unsafe isSocket
            && recv(descriptor, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT)) >= 0
    }

    /// Whether the stream is a socket, which has two directions; a pipe has one.
    var isSocket: Bool { kind != .pipe }

    /// Bytes written but not acknowledged: in our queue and, for TCP, in the kernel's buffer.
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
