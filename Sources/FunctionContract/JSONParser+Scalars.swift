// Strings and numbers: where most of the bytes of an event are.

extension JSONParser {
    mutating func skipString() throws(ContractError) {
        let (range, escaped) = try stringRange()
        if escaped {
            _ = try unescaped(range)
        } else if (try? UTF8Span(validating: bytes.span.extracting(range))) == nil {
            throw error("a string in valid UTF-8", at: range.lowerBound)
        }
    }

    /// Consumes a string and returns where its content lies, and whether it holds escapes.
    mutating func stringRange() throws(ContractError) -> (Range<Int>, escaped: Bool) {
        guard offset < limit, bytes[offset] == UInt8(ascii: "\"") else { throw error("a string") }
        let start = offset + 1
        var index = start
        var escaped = false
        while index < limit {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                offset = index + 1
                return (start..<index, escaped)
            case UInt8(ascii: "\\"):
                escaped = true
                index += 2
            case 0..<0x20:
                throw error("no control character inside a string", at: index)
            default:
                index += 1
            }
        }
        throw error("a closing quote", at: limit)
    }

    func unescaped(_ range: Range<Int>) throws(ContractError) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "\\") {
                try appendEscape(at: &index, end: range.upperBound, to: &text)
            } else {
                text.append(bytes[index])
                index += 1
            }
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw error("a string in valid UTF-8", at: range.lowerBound)
        }
        return string
    }

    private func appendEscape(
        at index: inout Int,
        end: Int,
        to text: inout [UInt8]
    ) throws(ContractError) {
        let escape = bytes[index + 1]
        index += 2
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try unicodeEscape(at: &index, end: end)
            text.append(contentsOf: Character(scalar).utf8)
        default: throw error("a known escape sequence", at: index - 1)
        }
    }

    /// A `\uXXXX` escape, or a pair of them. Half a pair has no meaning: it becomes U+FFFD.
    private func unicodeEscape(
        at index: inout Int,
        end: Int
    ) throws(ContractError) -> Unicode.Scalar {
        let first = try fourHexDigits(at: &index, end: end)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), index + 6 <= end,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        var next = index + 2
        let second = try fourHexDigits(at: &next, end: end)
        guard (0xDC00...0xDFFF).contains(second) else { return "\u{FFFD}" }
        index = next
        let combined = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        return Unicode.Scalar(combined) ?? "\u{FFFD}"
    }

    private func fourHexDigits(at index: inout Int, end: Int) throws(ContractError) -> UInt32 {
        guard index + 4 <= end else { throw error("four hexadecimal digits", at: index) }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = hexDigitValue(byte) else {
                throw error("four hexadecimal digits", at: index)
            }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }

    mutating func number() throws(ContractError) -> JSON {
        let start = offset
        if peek == UInt8(ascii: "-") { offset += 1 }
        let leadingZero = peek == UInt8(ascii: "0")
        let whole = skipDigits()
        guard whole > 0, !(leadingZero && whole > 1) else { throw error("a JSON value", at: start) }
        var exact = true
        if peek == UInt8(ascii: ".") {
            exact = false
            offset += 1
            guard skipDigits() > 0 else { throw error("a digit") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            exact = false
            offset += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
            guard skipDigits() > 0 else { throw error("a digit") }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if exact, let integer = Int(text) { return .integer(integer) }
        guard let double = Double(text), double.isFinite else {
            throw error("a number that fits 64 bits", at: start)
        }
        return .number(double)
    }

    private var peek: UInt8? { offset < limit ? bytes[offset] : nil }

    private mutating func skipDigits() -> Int {
        let start = offset
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { offset += 1 }
        return offset - start
    }
}

/// The value of an ASCII hexadecimal digit.
func hexDigitValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
