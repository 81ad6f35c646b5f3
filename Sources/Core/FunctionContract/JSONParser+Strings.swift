// Strings hold most of the bytes of an event.

extension JSONParser {
    package mutating func string() throws(ContractError) -> String {
        let token = try stringToken()
        guard token.isEscaped else {
            return try text(bytes.span.extracting(token.range), of: token)
        }
        let content = try unescaped(token.range)
        return try text(content.span, of: token)
    }

    /// The decoded content of a string, in UTF-8.
    mutating func stringBytes() throws(ContractError) -> [UInt8] {
        let token = try stringToken()
        if !token.isASCII { try checkUTF8(token) }
        return token.isEscaped ? try unescaped(token.range) : Array(bytes[token.range])
    }

    mutating func skipString() throws(ContractError) {
        let token = try stringToken()
        if !token.isASCII { try checkUTF8(token) }
    }

    /// Reads a member name. Returns the result of `known`, which is nil for unknown names.
    mutating func name<Name>(
        _ known: (Span<UInt8>) -> Name?
    ) throws(ContractError) -> Name? {
        let token = try stringToken()
        if !token.isASCII { try checkUTF8(token) }
        guard token.isEscaped else { return known(bytes.span.extracting(token.range)) }
        let content = try unescaped(token.range)
        return known(content.span)
    }

    private func text(_ utf8: Span<UInt8>, of token: StringToken) throws(ContractError) -> String {
        guard let text = try? UTF8Span(validating: utf8) else { throw invalidUTF8(token) }
        return String(copying: text)
    }

    private func checkUTF8(_ token: StringToken) throws(ContractError) {
        guard (try? UTF8Span(validating: bytes.span.extracting(token.range))) != nil else {
            throw invalidUTF8(token)
        }
    }

    private func invalidUTF8(_ token: StringToken) -> ContractError {
        error("a string in valid UTF-8", at: token.range.lowerBound)
    }
}

// MARK: - Tokens

/// The range of a string's content, and what it contains.
private struct StringToken {
    let range: Range<Int>
    let isEscaped: Bool
    let isASCII: Bool
}

extension JSONParser {
    /// Consumes a string including its closing quote. Does not check the UTF-8.
    private mutating func stringToken() throws(ContractError) -> StringToken {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            throw error("a string")
        }
        let start = offset + 1
        let end = Self.plainEnd(of: bytes.span, from: start)
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
            return try stringToken(from: start, lookingAt: end)
        }
        offset = end + 1
        return StringToken(range: start..<end, isEscaped: false, isASCII: true)
    }

    /// The end of the plain ASCII at the start of a string, usually its closing quote.
    @inline(__always)
    private static func plainEnd(of bytes: Span<UInt8>, from start: Int) -> Int {
        bytes.firstIndex(from: start) {
            $0.equal(to: UInt8(ascii: "\"")) | $0.equal(to: UInt8(ascii: "\\")) | $0.below(0x20)
                | $0.notASCII
        }
    }

    private mutating func stringToken(
        from start: Int,
        lookingAt place: Int
    ) throws(ContractError) -> StringToken {
        var isEscaped = false
        var isASCII = true
        var index = place
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                offset = index + 1
                return StringToken(range: start..<index, isEscaped: isEscaped, isASCII: isASCII)
            case UInt8(ascii: "\\"):
                isEscaped = true
                try passEscape(at: &index)
            case 0x80...: isASCII = false
            default: throw error("no control character inside a string", at: index)
            }
            index =
                isASCII
                ? Self.plainEnd(of: bytes.span, from: index)
                : Self.markedEnd(of: bytes.span, from: index)
        }
        throw error("a closing quote", at: bytes.count)
    }

    /// The same search for a string that contains non-ASCII bytes.
    private static func markedEnd(of bytes: Span<UInt8>, from start: Int) -> Int {
        bytes.firstIndex(from: start) {
            $0.equal(to: UInt8(ascii: "\"")) | $0.equal(to: UInt8(ascii: "\\")) | $0.below(0x20)
        }
    }
}

// MARK: - Escapes

extension JSONParser {
    /// The capacity is enough, because no escape is shorter than its result.
    private func unescaped(_ range: Range<Int>) throws(ContractError) -> [UInt8] {
        try [UInt8](capacity: range.count) { text throws(ContractError) in
            var index = range.lowerBound
            while index < range.upperBound {
                let byte = bytes[index]
                index += 1
                if byte != UInt8(ascii: "\\") {
                    text.append(byte)
                } else {
                    try appendEscape(at: &index, end: range.upperBound, to: &text)
                }
            }
        }
    }

    /// Validates the same escapes as `unescaped`, without building a result.
    private func passEscape(at index: inout Int) throws(ContractError) {
        guard index + 1 < bytes.count else { throw error("a closing quote", at: bytes.count) }
        let escape = bytes[index + 1]
        index += 2
        switch escape {
        case UInt8(ascii: "u"): _ = try fourHexDigits(at: &index, end: bytes.count)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        default: throw error("a known escape sequence", at: index - 1)
        }
    }

    private func appendEscape(
        at index: inout Int,
        end: Int,
        to text: inout OutputSpan<UInt8>
    ) throws(ContractError) {
        let escape = bytes[index]
        index += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = Character(try unicodeEscape(at: &index, end: end))
            for byte in scalar.utf8 { text.append(byte) }
        default: throw error("a known escape sequence", at: index - 1)
        }
    }

    /// Decodes a `\uXXXX` escape or a surrogate pair. Half a pair becomes U+FFFD.
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
            guard let digit = Base16.value(byte) else {
                throw error("four hexadecimal digits", at: index)
            }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }
}
