import Glibc

/// A blocking socket on this machine, for the far side of a test.
struct LoopbackSocket: Sendable {
    let descriptor: CInt

    /// Listens on a port that the kernel chooses.
    static func listening(backlog: CInt = 128) -> LoopbackSocket {
        let listener = LoopbackSocket(descriptor: socket(AF_INET, streamType, 0))
        let bound = unsafe listener.withLoopback(port: 0) {
            unsafe bind(listener.descriptor, $0, $1)
        }
        precondition(bound == 0 && listen(listener.descriptor, backlog) == 0, "cannot listen")
        return listener
    }

    static func connected(to port: UInt16) -> LoopbackSocket {
        let client = LoopbackSocket(descriptor: socket(AF_INET, streamType, 0))
        _ = unsafe client.withLoopback(port: port) { unsafe connect(client.descriptor, $0, $1) }
        return client
    }

    /// Connects to a socket in the file system.
    static func connected(toPath path: String) -> LoopbackSocket {
        let client = LoopbackSocket(descriptor: socket(AF_UNIX, streamType, 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
        _ = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(client.descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return client
    }

    var port: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &size)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next connection; nil once the listener is shut down.
    func accepted() -> LoopbackSocket? {
        let connection = accept(descriptor, nil, nil)
        return connection < 0 ? nil : LoopbackSocket(descriptor: connection)
    }

    /// What has arrived, at least one byte; nil at the end of the stream.
    func received() -> [UInt8]? {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            count = max(0, unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        return bytes.isEmpty ? nil : bytes
    }

    func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func write(_ text: String) { write([UInt8](text.utf8)) }

    /// Ends both directions and wakes whoever is blocked on the socket.
    func stop() { shutdown(descriptor, CInt(SHUT_RDWR)) }

    func close() { Glibc.close(descriptor) }

    /// Closes with RST instead of FIN.
    func reset() {
        var lingering = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, size)
        close()
    }

    private static let streamType = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

    private func withLoopback<Result>(
        port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
