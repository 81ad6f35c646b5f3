/// Cuts a stream of bytes into lines, however the bytes were split on their way, and never holds
/// more than its limit.
package struct LineFramer {
    private let limit: Int
    private var buffer: [UInt8] = []
    /// Where the line in progress starts, and how far it has been searched for its end.
    private var start = 0
    private var searched = 0

    package init(limit: Int) {
        self.limit = limit
    }

    /// Whether bytes have come that no complete line has carried away.
    package var hasPartialLine: Bool { start < buffer.count }

    /// Takes `bytes`; false when the line in progress has outgrown the limit.
    package mutating func append(_ bytes: Span<UInt8>) -> Bool {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.count <= Self.keptCapacity)
            start = 0
            searched = 0
        }
        buffer.reserveCapacity(buffer.count + bytes.count)
        for index in bytes.indices { buffer.append(bytes[index]) }
        return buffer.count - start <= limit
    }

    /// The next complete line, without its line feed.
    package mutating func next() -> [UInt8]? {
        guard let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = buffer.count
            return nil
        }
        let line =
            start == 0 && end == buffer.count - 1 && end > Self.keptCapacity
            ? takeWhole() : Array(buffer[start..<end])
        start = min(end + 1, buffer.count)
        searched = start
        return line
    }

    /// Whatever came after the last line feed: in one-shot framing, all of it.
    package mutating func takeRemainder() -> [UInt8] {
        let remainder = Array(buffer[start...])
        start = buffer.count
        searched = start
        return remainder
    }

    /// Memory that a long line needed is given back once the line is gone.
    private static let keptCapacity = 65_536

    private mutating func takeWhole() -> [UInt8] {
        var line: [UInt8] = []
        swap(&line, &buffer)
        line.removeLast()
        return line
    }
}
