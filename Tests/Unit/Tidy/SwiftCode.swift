/// Swift source without its comments and without the text of its strings: what is left is code,
/// line by line where it was.
struct SwiftCode {
    let lines: [Substring]

    init(_ text: String) {
        var scanner = Scanner(Array(text.utf8))
        scanner.scanCode()
        let code = String(decoding: scanner.code, as: UTF8.self)
        lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The identifiers and keywords of a line.
    static func words(of line: Substring) -> [Substring] {
        line.split { !isPartOfWord($0) }
    }

    static func isPartOfWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}

private struct Scanner {
    private let text: [UInt8]
    private var index = 0
    var code: [UInt8] = []

    init(_ text: [UInt8]) {
        self.text = text
        code.reserveCapacity(text.count)
    }

    /// Keeps code up to the end, or, inside a string, up to the parenthesis that ends it.
    mutating func scanCode(openParentheses: Int = 0) {
        var depth = openParentheses
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "/") where comes("//"): skip(to: "\n")
            case UInt8(ascii: "/") where comes("/*"): skipBlockComment()
            case UInt8(ascii: "\""): skipString(hashes: 0)
            case UInt8(ascii: "#") where hashesBeforeQuote > 0:
                skipString(hashes: hashesBeforeQuote)
            case UInt8(ascii: "("):
                depth += 1
                keep()
            case UInt8(ascii: ")"):
                depth -= 1
                keep()
                if openParentheses > 0, depth == 0 { return }
            default: keep()
            }
        }
    }

    private mutating func keep() {
        code.append(text[index])
        index += 1
    }

    /// Line feeds stay, so that lines keep their numbers.
    private mutating func drop(_ count: Int = 1) {
        for byte in text[index..<min(index + count, text.count)] where byte == 0x0A {
            code.append(byte)
        }
        index += count
    }

    private func comes(_ string: StaticString) -> Bool {
        comes(Array(string.description.utf8))
    }

    private func comes(_ bytes: [UInt8]) -> Bool {
        text[min(index, text.count)...].starts(with: bytes)
    }

    private mutating func skip(to end: Character) {
        while index < text.count, text[index] != end.asciiValue { index += 1 }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if comes("/*") {
                depth += 1
                index += 2
            } else if comes("*/") {
                depth -= 1
                index += 2
            } else {
                drop()
            }
        } while depth > 0 && index < text.count
    }

    /// Zero when what comes is a `#` of another kind.
    private var hashesBeforeQuote: Int {
        let hashes = text[index...].prefix { $0 == UInt8(ascii: "#") }
        let isString = hashes.endIndex < text.count && text[hashes.endIndex] == UInt8(ascii: "\"")
        return isString ? hashes.count : 0
    }

    private mutating func skipString(hashes count: Int) {
        index += count
        let hashes = [UInt8](repeating: UInt8(ascii: "#"), count: count)
        let quotes = [UInt8](repeating: UInt8(ascii: "\""), count: comes("\"\"\"") ? 3 : 1)
        let escape = [UInt8(ascii: "\\")] + hashes
        index += quotes.count
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\"") where comes(quotes + hashes):
                index += quotes.count + count
                return
            case UInt8(ascii: "\\") where comes(escape + [UInt8(ascii: "(")]):
                index += escape.count
                keep()
                scanCode(openParentheses: 1)
            case UInt8(ascii: "\\") where comes(escape): drop(escape.count + 1)
            default: drop()
            }
        }
    }
}
