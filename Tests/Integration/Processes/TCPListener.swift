import Glibc

/// A listener on a port of the loopback interface that the system chose.
final class TCPListener {
    private let socket: SilentPort

    init() throws {
        socket = try SilentPort()
        guard listen(socket.descriptor, 16) == 0 else { throw SystemCallFailed("listen") }
        Loopback.setDeadline(of: socket.descriptor)
    }

    var port: UInt16 { socket.number }

    /// The next connection, waited for within the deadline.
    func accept() throws -> TCPConnection {
        let connection = Glibc.accept(socket.descriptor, nil, nil)
        guard connection >= 0 else { throw SystemCallFailed("accept") }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return TCPConnection(descriptor: connection)
    }

    /// Whether somebody has connected who was not accepted yet.
    var hasWaitingConnection: Bool {
        var polled = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&polled, 1, 0) > 0
    }
}
