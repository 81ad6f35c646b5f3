import Glibc

/// Both ends of a pipe, out of reach of the numbers that a started process gets, closed by `exec`.
struct Pipe {
    let readEnd: CInt
    let writeEnd: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemCallFailed("pipe") }
        readEnd = fcntl(ends[0], F_DUPFD_CLOEXEC, Self.lowestNumber)
        writeEnd = fcntl(ends[1], F_DUPFD_CLOEXEC, Self.lowestNumber)
        for end in ends { close(end) }
        guard readEnd >= 0, writeEnd >= 0 else { throw SystemCallFailed("fcntl") }
    }

    private static let lowestNumber: CInt = 64
}

/// The end on which a test writes, and what has not left yet.
struct InputPipe {
    var endsWhenEmpty = false
    private(set) var descriptor: CInt
    private var pending: [UInt8] = []
    private var written = 0

    init(descriptor: CInt) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    var isOpen: Bool { descriptor >= 0 }
    var hasPending: Bool { written < pending.count }

    /// Whether nothing waits here, nor in the pipe.
    var isDrained: Bool {
        guard isOpen, !hasPending else { return !hasPending }
        var count: CInt = 0
        return unsafe ioctl(descriptor, UInt(FIONREAD), &count) == 0 && count == 0
    }

    mutating func append(_ bytes: [UInt8]) { pending += bytes }

    /// Writes as much as the pipe takes now. What a process no longer reads is dropped.
    mutating func drain() {
        while isOpen, hasPending {
            let count = unsafe pending.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                close()
            }
        }
        pending = []
        written = 0
        if endsWhenEmpty { close() }
    }

    mutating func close() {
        if isOpen { Glibc.close(descriptor) }
        descriptor = -1
    }
}

/// The end from which a test reads, and what it has not taken yet.
struct OutputPipe {
    private(set) var descriptor: CInt
    private var bytes: [UInt8] = []
    private var start = 0
    private var searched = 0

    init(descriptor: CInt) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    var isOpen: Bool { descriptor >= 0 }

    var unread: [UInt8] { Array(bytes[start...]) }

    /// Reads what is there now.
    mutating func fill() {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while isOpen {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                bytes += chunk[..<count]
            } else if count < 0, errno == EAGAIN {
                return
            } else if count == 0 || errno != EINTR {
                close()
            }
        }
    }

    /// The next complete line; at the end of the stream also what came after the last one.
    mutating func takeLine() -> [UInt8]? {
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            return isOpen || start == bytes.count ? nil : takeAll()
        }
        defer { compact(from: end + 1) }
        return Array(bytes[start..<end])
    }

    mutating func takeAll() -> [UInt8] {
        defer { compact(from: bytes.count) }
        return unread
    }

    mutating func close() {
        if isOpen { Glibc.close(descriptor) }
        descriptor = -1
    }

    private mutating func compact(from index: Int) {
        start = index
        if start > 1 << 20 || start == bytes.count {
            bytes.removeFirst(start)
            start = 0
        }
        searched = start
    }
}

/// A system call that failed while a test was set up.
struct SystemCallFailed: Error, CustomStringConvertible {
    let description: String

    init(_ name: String, code: CInt = errno) {
        description = unsafe "\(name): \(String(cString: strerror(code)))"
    }
}
