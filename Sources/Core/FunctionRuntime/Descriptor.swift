internal import Glibc

/// A file descriptor opened elsewhere. Reads and writes complete or fail, even on a non-blocking
/// descriptor.
package struct Descriptor: Sendable {
    package static let standardInput = Descriptor(number: 0)
    package static let standardOutput = Descriptor(number: 1)
    package static let standardError = Descriptor(number: 2)

    package let number: CInt

    package init(number: CInt) {
        self.number = number
    }

    /// Reserves stdout for replies. Anything printed later goes to the log on stderr, so it cannot
    /// end up between two replies.
    static func takeStandardOutput() -> Descriptor {
        let copy = fcntl(1, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { return .standardOutput }
        dup2(2, 1)
        return Descriptor(number: copy)
    }

    package var isTerminal: Bool { isatty(number) == 1 }

    /// Runs `body` with the terminal's echo turned off.
    package func withoutEcho<Result>(_ body: () throws -> Result) rethrows -> Result {
        var before = termios()
        guard unsafe tcgetattr(number, &before) == 0 else { return try body() }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        unsafe tcsetattr(number, TCSAFLUSH, &silent)
        defer { unsafe tcsetattr(number, TCSAFLUSH, &before) }
        return try body()
    }

    /// Reads the available bytes, at most the size of `buffer`. Returns 0 at the end.
    package func read(into buffer: inout [UInt8]) throws(DescriptorError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(number, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            try waitAfterError("read", POLLIN)
        }
    }

    /// Reads to the end, or until more than `limit` bytes have arrived.
    package func readToEnd(limit: Int) throws(DescriptorError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = try read(into: &buffer)
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }

    package func write(_ bytes: [UInt8]) throws(DescriptorError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(number, $0.baseAddress! + written, $0.count - written)
            }
            if count >= 0 {
                written += count
            } else {
                try waitAfterError("write", POLLOUT)
            }
        }
    }

    /// A process that shares the descriptor may have made it non-blocking, so wait and try again.
    private func waitAfterError(_ operation: String, _ event: CInt) throws(DescriptorError) {
        switch errno {
        case EINTR: return
        case EAGAIN:
            var waited = pollfd(fd: number, events: Int16(event), revents: 0)
            unsafe poll(&waited, 1, -1)
        default: throw DescriptorError(operation: operation, code: errno)
        }
    }

    /// For logs: a failed write to the log cannot be reported anywhere.
    package func writeIgnoringErrors(_ bytes: [UInt8]) {
        try? write(bytes)
    }
}

/// A read or write that failed with a system error.
package struct DescriptorError: Error, Equatable, Sendable, CustomStringConvertible {
    package let operation: String
    package let code: CInt

    package var description: String {
        unsafe "\(operation) failed: \(String(cString: strerror(code)))"
    }
}
