import FunctionContract

/// Every request to send, in the order of reading. It is the independent record of the platform's
/// actions. Only `reset` removes entries.
final class Ledger {
    /// Above this many entries, sends are refused.
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

    /// Records the entry, also in the file, before it returns.
    func record(_ entry: LedgerEntry) throws(FileError) {
        var entry = entry
        entry.number = lines.count + 1
        let line = entry.line
        try file?.append(line)
        // A copy without the spare capacity.
        lines.append(Array(line[...]))
        counts.add(entry)
    }

    /// Removes all entries. The file keeps its lines.
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
