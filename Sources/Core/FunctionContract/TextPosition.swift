/// A place in a text file as editors count: lines and columns from 1, a column for each character.
struct TextPosition: Equatable, CustomStringConvertible {
    let line: Int
    let column: Int

    /// The place of the byte at `offset` of `bytes`, which may be the end.
    init(ofByteAt offset: Int, in bytes: [UInt8]) {
        let before = bytes[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    }

    var description: String { "line \(line), column \(column)" }
}
