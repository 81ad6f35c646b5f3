import Glibc

/// A client with a small receive buffer that takes some bytes whenever it is told to.
final class SlowReader {
    private(set) var count = 0
    /// Whether the server has ended the connection, in whatever way.
    private(set) var isOver = false
    private let descriptor: CInt

    init(to port: UInt16) {
        descriptor = connectBlocking(to: port)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        _ = unsafe Glibc.send(descriptor, text, text.utf8.count, CInt(MSG_NOSIGNAL))
    }

    func read(_ most: Int) {
        var bytes = [UInt8](repeating: 0, count: most)
        let received = unsafe recv(descriptor, &bytes, most, 0)
        if received > 0 { count += received }
        isOver = received == 0 || received < 0 && errno != EAGAIN
    }
}
