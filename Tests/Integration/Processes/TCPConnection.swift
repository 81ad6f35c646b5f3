import Glibc

/// A connection on the loopback interface whose every operation ends within its deadline.
final class TCPConnection {
    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private var isOpen = true

    /// The connection to `port`; nil when nobody listens there.
    init?(to port: UInt16) {
        let descriptor = socket(AF_INET, Loopback.socketKind, 0)
        self.descriptor = descriptor
        let refused = unsafe Loopback.withAddress(port: port) {
            unsafe connect(descriptor, $0, $1) != 0
        }
        Loopback.setDeadline(of: descriptor)
        guard refused else { return }
        Glibc.close(descriptor)
        isOpen = false
        return nil
    }

    init(descriptor: CInt) {
        self.descriptor = descriptor
        Loopback.setDeadline(of: descriptor)
    }

    deinit { close() }

    /// Ends both directions at once, even while a process that is just being started still holds
    /// a copy of the descriptor.
    func close() {
        guard isOpen else { return }
        shutdown(descriptor, CInt(SHUT_RDWR))
        Glibc.close(descriptor)
        isOpen = false
    }

    /// Says that nothing more will be sent; reading goes on.
    func endSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(
                    descriptor,
                    $0.baseAddress! + sent,
                    $0.count - sent,
                    CInt(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { throw SystemCallFailed("send") }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// The next line without its line end; nil at the end of the stream.
    func line() throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<end].filter { $0 != 0x0D }, as: UTF8.self)
            }
            if try !receive() { return nil }
        }
    }

    func bytes(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try receive() else { throw SystemCallFailed("recv", code: ECONNRESET) }
        }
        defer { buffer.removeSubrange(..<count) }
        return Array(buffer[..<count])
    }

    func bytesToEnd() throws -> [UInt8] {
        while try receive() {}
        defer { buffer = [] }
        return buffer
    }

    private func receive() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw SystemCallFailed("recv") }
        buffer += chunk[..<count]
        return count > 0
    }
}
