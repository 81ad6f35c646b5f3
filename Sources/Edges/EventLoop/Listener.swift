internal import CUV
private import Glibc

/// Accepts TCP connections on one address.
///
/// When the process runs out of descriptors, libuv spends a reserved one to accept and close what
/// waits: clients are turned away at once and the loop does not spin.
@safe package final class Listener: Handle {
    private unowned let loop: EventLoop
    private var onAccept: ((Stream) -> Void)?

    /// Listens from now on; port 0 takes a free one.
    package init(
        on loop: EventLoop,
        host: String,
        port: UInt16,
        backlog: Int32 = 1024,
        onAccept: @escaping (Stream) -> Void
    ) throws(UVError) {
        let operation = "listen on \(host) port \(port)"
        let address = try SocketAddress(host: host, port: port)
        let raw = unsafe try Handle.allocate(uv_tcp_t.self, operation) {
            unsafe uv_tcp_init(loop.raw, $0)
        }
        self.loop = loop
        self.onAccept = onAccept
        unsafe super.init(adopting: raw)
        do throws(UVError) {
            try start(at: address, backlog, operation)
        } catch {
            closeHandle()
            throw error
        }
    }

    /// The port in use.
    package var port: UInt16 {
        unsafe PeerAddress { unsafe uv_tcp_getsockname(rawTCP, $0, $1) }?.port ?? 0
    }

    /// Accepts at once the clients that the kernel has connected already: closing would reset them.
    package func acceptWaiting() {
        guard !isClosing else { return }
        while let descriptor = acceptNow() {
            guard let onAccept, let stream = try? Stream(on: loop, tcp: descriptor) else { return }
            stream.disableDelay()
            onAccept(stream)
        }
    }

    /// Accepts no more; idempotent.
    package func close(_ completion: (() -> Void)? = nil) {
        closeHandle(completion)
    }

    override func didClose() {
        onAccept = nil
    }

    private func start(
        at address: SocketAddress,
        _ backlog: Int32,
        _ operation: String
    ) throws(UVError) {
        try UVError.check(
            unsafe address.withSockaddr { unsafe uv_tcp_bind(rawTCP, $0, 0) },
            operation
        )
        let result = unsafe uv_listen(raw, backlog) { raw, status in
            // A failed accept concerns one client, who is told by the closed socket.
            if status == 0 { unsafe Listener.owner(raw).accept() }
        }
        try UVError.check(result, operation)
    }

    private func accept() {
        guard let onAccept, let stream = try? Stream(tcpOn: loop) else { return }
        guard unsafe uv_accept(raw, stream.raw) == 0 else {
            stream.close()
            return
        }
        stream.disableDelay()
        onAccept(stream)
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
    // Responses go out whole, so waiting to merge small segments would only add delay.
    func disableDelay() {
        unsafe _ = uv_tcp_nodelay(rawTCP, 1)
    }
}
