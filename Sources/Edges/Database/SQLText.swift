/// Splits an SQL script into statements. Handles quotes, dollar quotes and comments, but not a
/// function body written with BEGIN ATOMIC.
struct SQLText {
    struct Statement: Equatable {
        let sql: String
        /// The line on which the statement begins, from 1.
        let line: Int
    }

    private(set) var statements: [Statement] = []
    /// Whether only white space and comments follow the last semicolon.
    private(set) var isComplete = false

    private let text: [UInt8]
    private var place = 0
    /// The start of the current statement; nil between statements.
    private var start: Int?

    init(_ sql: String) {
        text = Array(sql.utf8)
        while place < text.count {
            guard skipToken() else { return }
        }
        isComplete = start == nil
    }

    /// Returns false when the script ends inside a quote or a comment.
    private mutating func skipToken() -> Bool {
        let byte = text[place]
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            place += 1
            return true
        case UInt8(ascii: "-") where follows("--"):
            while place < text.count, text[place] != UInt8(ascii: "\n") { place += 1 }
            return true
        case UInt8(ascii: "/") where follows("/*"):
            return skipComment()
        default:
            break
        }
        if start == nil { start = place }
        switch byte {
        case UInt8(ascii: "'"): return skipQuoted(byte, escapes: isEscapeString)
        case UInt8(ascii: "\""): return skipQuoted(byte, escapes: false)
        case UInt8(ascii: "$"): return skipDollarQuoted()
        case UInt8(ascii: ";"): endStatement()
        default: place += 1
        }
        return true
    }

    private mutating func endStatement() {
        if let start, start < place {
            let line = text[..<start].count { $0 == UInt8(ascii: "\n") } + 1
            let sql = String(decoding: text[start..<place], as: UTF8.self)
            statements.append(Statement(sql: sql, line: line))
        }
        start = nil
        place += 1
    }

    private mutating func skipQuoted(_ quote: UInt8, escapes: Bool) -> Bool {
        place += 1
        while place < text.count {
            let byte = text[place]
            place += 1
            if escapes, byte == UInt8(ascii: "\\") { place += 1 }
            guard byte == quote else { continue }
            // A doubled quote stands for a quote character.
            guard place < text.count, text[place] == quote else { return true }
            place += 1
        }
        return false
    }

    /// Whether the quote at `place` opens an E'…' string, where a backslash escapes the next byte.
    private var isEscapeString: Bool {
        guard place > 0, text[place - 1] | 0x20 == UInt8(ascii: "e") else { return false }
        return place < 2 || !Self.isName(text[place - 2])
    }

    private mutating func skipDollarQuoted() -> Bool {
        var end = place + 1
        while end < text.count, Self.isName(text[end]) { end += 1 }
        let isParameter = place + 1 < text.count && Self.isDigit(text[place + 1])
        let isInName = place > 0 && Self.isName(text[place - 1])
        guard end < text.count, text[end] == UInt8(ascii: "$"), !isParameter, !isInName else {
            place += 1
            return true
        }
        let tag = Array(text[place...end])
        place = end + 1
        while place + tag.count <= text.count {
            if text[place..<place + tag.count].elementsEqual(tag) {
                place += tag.count
                return true
            }
            place += 1
        }
        return false
    }

    /// Block comments nest.
    private mutating func skipComment() -> Bool {
        var depth = 0
        while place < text.count {
            if follows("/*") {
                depth += 1
                place += 2
            } else if follows("*/") {
                depth -= 1
                place += 2
                if depth == 0 { return true }
            } else {
                place += 1
            }
        }
        return false
    }

    private func follows(_ mark: StaticString) -> Bool {
        text[place...].starts(with: mark.description.utf8)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
