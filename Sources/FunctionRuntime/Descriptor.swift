internal import Glibc

/// A file descriptor that somebody else opened: reads and writes that finish or fail.
package struct Descriptor: Sendable {
    package static let standardInput = Descriptor(number: 0)
    package static let standardOutput = Descriptor(number: 1)
    package static let standardError = Descriptor(number: 2)

    package let number: CInt

    package init(number: CInt) {
        self.number = number
    }

    package var isTerminal: Bool { isatty(number) == 1 }

    /// Reads what is there, at most as much as `buffer` holds; 0 is the end.
    package func read(into buffer: inout [UInt8]) throws(DescriptorError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(number, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            guard errno == EINTR else { throw DescriptorError(operation: "read", code: errno) }
        }
    }

    /// Reads to the end, or until more than `limit` bytes have come.
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
            } else if errno != EINTR {
                throw DescriptorError(operation: "write", code: errno)
            }
        }
    }

    /// For logs: there is nobody left to tell when they cannot be written.
    package func writeIgnoringErrors(_ bytes: [UInt8]) {
        try? write(bytes)
    }
}

/// A read or write that the system refused.
package struct DescriptorError: Error, Equatable, Sendable, CustomStringConvertible {
    package let operation: String
    package let code: CInt

    package var description: String {
        unsafe "\(operation) failed: \(String(cString: strerror(code)))"
    }
}
