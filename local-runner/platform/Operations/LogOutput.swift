import Glibc

/// stderr, written to without ever waiting for its reader.
final class LogOutput {
    private let descriptor: CInt
    private let isSocket: Bool

    init() {
        let kind = kindOfFile(STDERR_FILENO)
        isSocket = kind == S_IFSOCK
        let mayBlock = kind == S_IFIFO || kind == S_IFCHR
        let own = mayBlock ? reopenWithoutWaiting(STDERR_FILENO) : nil
        descriptor = own ?? STDERR_FILENO
    }

    deinit {
        if descriptor != STDERR_FILENO { close(descriptor) }
    }

    /// Returns how many bytes were taken. When the reader is gone, it returns all, as if they were
    /// written.
    func write(_ bytes: [UInt8]) -> Int {
        var written = 0
        while written < bytes.count {
            let count = writeOnce(bytes, from: written, to: descriptor, isSocket: isSocket)
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                return written
            } else if errno != EINTR {
                return bytes.count
            }
        }
        return written
    }

    /// Whether stderr accepts more before the time is up.
    static func waitForReader(_ milliseconds: CInt) -> Bool {
        waitForRoom(in: STDERR_FILENO, milliseconds)
    }
}
