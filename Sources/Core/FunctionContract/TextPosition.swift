/// A position in a text file as in editors: line and column from 1, one column per character.
struct TextPosition: Equatable, CustomStringConvertible {
    let line: Int
    let column: Int

    /// The position of the byte at `offset`, which may be the end of `bytes`.
    init(ofByteAt offset: Int, in bytes: [UInt8]) {
        let before = bytes[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    }

    var description: String { "line \(line), column \(column)" }
}
