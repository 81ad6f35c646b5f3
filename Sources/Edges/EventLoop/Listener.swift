internal import CUV
private import Glibc

/// Accepts connections on one TCP address or one Unix socket.
///
/// When the process runs out of descriptors, libuv uses a reserved one to accept and close waiting
/// connections. Clients are refused at once, and the loop does not spin.
@safe package final class Listener: Handle {
    private unowned let loop: EventLoop
    private let kind: Stream.Kind
    private var onAccept: ((Stream) -> Void)?

    private static let backlog: Int32 = 1024

    /// Starts to listen on a numeric address; port 0 picks a free one.
    package init(
        on loop: EventLoop,
        host: String,
        port: UInt16,
        onAccept: @escaping (Stream) -> Void
    ) throws(UVError) {
        let operation = "listen on \(host) port \(port)"
        let address = try SocketAddress(host: host, port: port)
        let raw = unsafe try Handle.allocate(uv_tcp_t.self, operation) {
            unsafe uv_tcp_init(loop.raw, $0)
        }
        self.loop = loop
        kind = .tcp
        self.onAccept = onAccept
        unsafe super.init(adopting: raw)
        try startOrClose { () throws(UVError) in
            let result = unsafe address.withSockaddr { unsafe uv_tcp_bind(rawTCP, $0, 0) }
            try UVError.check(result, operation)
            try listen(operation)
        }
    }

    /// Starts to listen on a Unix socket to which only this user may connect. The file is removed
    /// on close. A file left by a killed process is replaced.
    package init(
        on loop: EventLoop,
        socket file: SocketFile,
        onAccept: @escaping (Stream) -> Void
    ) throws(UVError) {
        let operation = "listen on \(file.path)"
        try file.clear(for: operation)
        let raw = unsafe try Handle.allocate(uv_pipe_t.self, operation) {
            unsafe uv_pipe_init(loop.raw, $0, 0)
        }
        self.loop = loop
        kind = .unixSocket
        self.onAccept = onAccept
        unsafe super.init(adopting: raw)
        try startOrClose { () throws(UVError) in
            try UVError.check(unsafe uv_pipe_bind(raw, file.path), operation)
            // Nobody can connect before `listen`, so the mode is set in time.
            _ = unsafe chmod(file.path, 0o600)
            try listen(operation)
        }
    }

    /// The port in use; 0 for a Unix socket.
    package var port: UInt16 {
        guard kind == .tcp else { return 0 }
        return unsafe PeerAddress { unsafe uv_tcp_getsockname(rawTCP, $0, $1) }?.port ?? 0
    }

    /// Accepts all connections that wait in the kernel. Closing the listener would reset them.
    package func acceptWaiting() {
        guard !isClosing else { return }
        while let descriptor = acceptNow() {
            guard let onAccept, let stream = try? adopt(descriptor) else { return }
            stream.disableDelay()
            onAccept(stream)
        }
    }

    /// Stops accepting; idempotent.
    package func close(_ completion: (() -> Void)? = nil) {
        closeHandle(completion)
    }

    override func didClose() {
        onAccept = nil
    }

    private func startOrClose(_ start: () throws(UVError) -> Void) throws(UVError) {
        do throws(UVError) {
            try start()
        } catch {
            closeHandle()
            throw error
        }
    }

    private func listen(_ operation: String) throws(UVError) {
        let result = unsafe uv_listen(raw, Listener.backlog) { raw, status in
            // A failed accept affects only one client, which sees its connection closed.
            if status == 0 { unsafe Listener.owner(raw).accept() }
        }
        try UVError.check(result, operation)
    }

    private func accept() {
        guard let onAccept, let stream = try? unconnectedStream() else { return }
        guard unsafe uv_accept(raw, stream.raw) == 0 else {
            stream.close()
            return
        }
        stream.disableDelay()
        onAccept(stream)
    }

    private func unconnectedStream() throws(UVError) -> Stream {
        kind == .tcp ? try Stream(tcpOn: loop) : try Stream(unixSocketOn: loop)
    }

    private func adopt(_ descriptor: Int32) throws(UVError) -> Stream {
        kind == .tcp
            ? try Stream(on: loop, tcp: descriptor) : try Stream(on: loop, unixSocket: descriptor)
    }

    private func acceptNow() -> Int32? {
        var listening: Int32 = -1
        guard unsafe uv_fileno(handle, &listening) == 0 else { return nil }
        let descriptor = Glibc.accept(listening, nil, nil)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    private var raw: UnsafeMutablePointer<uv_stream_t> {
        unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_stream_t.self)
    }

    private var rawTCP: UnsafeMutablePointer<uv_tcp_t> {
        unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_tcp_t.self)
    }
}

extension Stream {
    // Responses are written whole, so delaying small segments (Nagle) would only add latency.
    func disableDelay() {
        guard kind == .tcp else { return }
        unsafe _ = uv_tcp_nodelay(rawTCP, 1)
    }
}
