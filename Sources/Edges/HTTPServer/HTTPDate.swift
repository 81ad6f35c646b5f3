internal import FunctionContract
private import Glibc

/// The Date header line, formatted again only when the second changes.
struct HTTPDate {
    private var second = -1
    private(set) var line: [UInt8] = []

    /// Updates the line to the current second.
    mutating func refresh() {
        let now = time(nil)
        if now == second { return }
        second = now
        line = Array("date: \(Timestamp(milliseconds: Int64(now) * 1000).httpDate)\r\n".utf8)
    }
}
