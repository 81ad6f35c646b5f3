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

    /// Takes `bytes`; false when a line is longer than the limit, whether it has ended or not.
    package mutating func append(_ bytes: Span<UInt8>) -> Bool {
        forgetTakenLines()
        buffer.append(bytes)
        return buffer.count <= limit || everyLineFits
    }

    /// The next complete line, without its line feed.
    package mutating func next() -> [UInt8]? {
        let end = lineFeed(from: searched)
        searched = end
        guard end < buffer.count else { return nil }
        if start == 0, end == buffer.count - 1, end > Self.keptCapacity { return takeWhole() }
        let line = Array(buffer[start..<end])
        start = end + 1
        searched = start
        return line
    }

    /// Whatever came after the last line feed: in one-shot framing, all of it.
    package mutating func takeRemainder() -> [UInt8] {
        let remainder = start == 0 ? buffer : Array(buffer[start...])
        buffer = []
        start = 0
        searched = 0
        return remainder
    }

    /// Memory that a long line needed is given back once the line is gone.
    private static let keptCapacity = 65_536

    private func lineFeed(from index: Int) -> Int {
        buffer.span.firstIndex(from: index) { $0.equal(to: UInt8(ascii: "\n")) }
    }

    private var everyLineFits: Bool {
        var lineStart = start
        while lineStart < buffer.count {
            let end = lineFeed(from: max(lineStart, searched))
            if end - lineStart > limit { return false }
            lineStart = end + 1
        }
        return true
    }

    /// A long line that came alone leaves in the buffer that it came in.
    private mutating func takeWhole() -> [UInt8] {
        var line = takeRemainder()
        line.removeLast()
        return line
    }

    private mutating func forgetTakenLines() {
        guard start > 0 else { return }
        if buffer.capacity > 2 * Self.keptCapacity {
            buffer = Array(buffer[start...])
        } else {
            buffer.removeSubrange(..<start)
        }
        searched -= start
        start = 0
    }
}
