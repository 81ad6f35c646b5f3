import Glibc

/// stderr, written to without ever waiting for whoever reads it.
final class LogOutput {
    private let descriptor: CInt
    private let isSocket: Bool

    /// Whoever started us writes to the same terminal or pipe: what makes ours non-blocking must not
    /// make theirs so, hence a description of our own.
    init() {
        var status = stat()
        unsafe fstat(STDERR_FILENO, &status)
        let kind = status.st_mode & S_IFMT
        isSocket = kind == S_IFSOCK
        let mayBlock = kind == S_IFIFO || kind == S_IFCHR
        let path = "/proc/self/fd/\(STDERR_FILENO)"
        let own = unsafe mayBlock ? open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1
        descriptor = own >= 0 ? own : STDERR_FILENO
    }

    deinit {
        if descriptor != STDERR_FILENO { close(descriptor) }
    }

    /// How many of the bytes are taken now. When nobody can read any more, all: there is nobody
    /// left to tell.
    func write(_ bytes: [UInt8]) -> Int {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe write($0[written...])
            }
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

    private func write(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes)
        return unsafe isSocket
            ? send(descriptor, rest.baseAddress, rest.count, CInt(MSG_DONTWAIT))
            : Glibc.write(descriptor, rest.baseAddress, rest.count)
    }

    /// Whether stderr takes more before the time is up.
    static func waitForReader(_ milliseconds: CInt) -> Bool {
        var waited = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&waited, 1, milliseconds) > 0
    }
}
