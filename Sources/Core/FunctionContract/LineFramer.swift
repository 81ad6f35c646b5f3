/// Splits a byte stream into lines, whatever its chunks. It refuses lines longer than its limit.
package struct LineFramer {
    private let limit: Int
    private var buffer: [UInt8] = []
    /// The start of the unfinished line, and the position up to which it was searched for a line
    /// feed.
    private var start = 0
    private var searched = 0

    package init(limit: Int) {
        self.limit = limit
    }

    /// Whether the buffer holds bytes that were not taken as a line.
    package var hasPartialLine: Bool { start < buffer.count }

    /// Adds `bytes`. False when a line, complete or not, is longer than the limit.
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

    /// The bytes after the last line taken: in one-shot framing, the whole input.
    package mutating func takeRemainder() -> [UInt8] {
        let remainder = start == 0 ? buffer : Array(buffer[start...])
        buffer = []
        start = 0
        searched = 0
        return remainder
    }

    /// Memory beyond this is freed after a long line.
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

    /// Returns a long line that fills the buffer without copying it.
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
