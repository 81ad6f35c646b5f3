import FunctionContract

/// Every request to send that was read, in the order in which it was: the witness of what the
/// platform did. Nothing is ever taken out but by `reset`.
final class Ledger {
    /// Beyond this, sends are refused.
    static let limit = 1_000_000

    private(set) var counts = LedgerCounts()
    /// Each entry as a line of JSON.
    private var lines: [[UInt8]] = []
    private let file: LedgerFile?
    private let limit: Int

    init(file: LedgerFile? = nil, limit: Int = Ledger.limit) {
        self.file = file
        self.limit = limit
    }

    var count: Int { lines.count }
    var isFull: Bool { lines.count >= limit }

    /// Writes the entry down, in the file too, before this returns.
    func record(_ entry: LedgerEntry) throws(FileError) {
        var entry = entry
        entry.number = lines.count + 1
        let line = entry.line
        try file?.append(line)
        // Without the room that writing it took.
        lines.append(Array(line[...]))
        counts.add(entry)
    }

    /// Forgets everything. The file keeps what it has.
    func reset() {
        lines = []
        counts = LedgerCounts()
    }

    /// At most `limit` entries after number `since`, as JSON.
    func page(since: Int, limit: Int) -> [UInt8] {
        let start = min(max(since, 0), lines.count)
        let page = lines[start...].prefix(limit)
        var bytes = Array(#"{"entries":["#.utf8)
        for (place, line) in page.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += line.dropLast()
        }
        bytes += #"],"next":\#(start + page.count),"total":\#(lines.count)}"#.utf8
        return bytes
    }
}
