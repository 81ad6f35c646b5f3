import Glibc

/// One connection to the runner. Nothing here waits: the test does.
final class RunnerClient {
    private(set) var isClosed = false
    private(set) var received: [UInt8] = []
    private var pending: [UInt8] = []
    private let descriptor: CInt

    init(port: UInt16) throws {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, size)
            }
        }
        guard connected == 0 else {
            defer { Glibc.close(descriptor) }
            throw SystemCallFailed("connect to port \(port)")
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// A connection to the Unix socket at `path`.
    init(socket path: String) throws {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = Glibc.socket(AF_UNIX, kind, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let connected = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, size)
            }
        }
        guard connected == 0 else {
            defer { Glibc.close(descriptor) }
            throw SystemCallFailed("connect to \(path)")
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { Glibc.close(descriptor) }

    func send(_ bytes: [UInt8]) {
        pending += bytes
        move()
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Whether the kernel has everything.
    var hasSentAll: Bool { pending.isEmpty }

    /// Says that nothing more will be sent; answers can still come.
    func endSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Leaves as a program does that crashes: what comes now is answered with a reset.
    func leave() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<Glibc.linger>.size)
        unsafe _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
        let nowhere = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // Keeps the number, so that nobody else's descriptor is closed with this object.
        dup2(nowhere, descriptor)
        Glibc.close(nowhere)
    }

    /// Takes the next complete answer out of what has come so far.
    func takeAnswer(toHead: Bool = false) -> RunnerAnswer? {
        move()
        guard let answer = RunnerAnswer(received, hasBody: !toHead) else { return nil }
        received.removeFirst(answer.byteCount)
        return answer
    }

    /// Sends and receives what is possible now, then waits no longer than `milliseconds` for more.
    func move(waiting milliseconds: CInt = 0) {
        if milliseconds > 0 {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            unsafe poll(&entry, 1, milliseconds)
        }
        flush()
        fill()
    }

    private func flush() {
        guard !pending.isEmpty, !isClosed else { return }
        while !pending.isEmpty {
            let count = unsafe Glibc.send(descriptor, pending, pending.count, CInt(MSG_NOSIGNAL))
            guard count > 0 else { return }
            pending.removeFirst(count)
        }
    }

    private func fill() {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while !isClosed {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            if count > 0 {
                received += chunk[..<count]
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                return
            } else {
                isClosed = true
            }
        }
    }
}
