/// Parses JSON (RFC 8259) from bytes, with a strict grammar and a depth limit.
///
/// `value()` builds a `JSON`. `skipValue()` only validates, for a host that passes most of its
/// input on unchanged. Both accept exactly the same texts.
package struct JSONParser {
    /// Deeper arrays and objects are refused, because recursion must be bounded.
    package static let depthLimit = 128

    let bytes: [UInt8]
    var offset: Int
    private var depth = 0

    package init(_ bytes: [UInt8], from offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    /// Parses `bytes` as exactly one value.
    package static func parse(_ bytes: [UInt8]) throws(ContractError) -> JSON {
        var parser = JSONParser(bytes)
        let value = try parser.value()
        try parser.expectEnd()
        return value
    }

    package mutating func value() throws(ContractError) -> JSON {
        switch try firstByte() {
        case UInt8(ascii: "{"): .object(try object())
        case UInt8(ascii: "["): .array(try array())
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "t"): try literal("true", .bool(true))
        case UInt8(ascii: "f"): try literal("false", .bool(false))
        case UInt8(ascii: "n"): try literal("null", .null)
        default: try number()
        }
    }

    /// Validates the next value and skips it.
    package mutating func skipValue() throws(ContractError) {
        switch try firstByte() {
        case UInt8(ascii: "{"): try skipObject()
        case UInt8(ascii: "["): try skipArray()
        case UInt8(ascii: "\""): try skipString()
        default: _ = try value()
        }
    }

    /// Calls `member` for each member of an object. `member` must consume the value.
    package mutating func members(
        _ member: (inout JSONParser, String) throws(ContractError) -> Void
    ) throws(ContractError) {
        try list(UInt8(ascii: "{"), UInt8(ascii: "}")) { parser throws(ContractError) in
            parser.skipWhitespace()
            let name = try parser.string()
            try parser.expect(UInt8(ascii: ":"))
            try member(&parser, name)
        }
    }

    /// Calls `member` for each member whose name is `known`, with the result of `known`. `member`
    /// must consume the value. Other members are skipped, and no name becomes a string.
    @inline(__always)
    mutating func members<Name>(
        _ known: (Span<UInt8>) -> Name?,
        _ member: (inout JSONParser, Name) throws(ContractError) -> Void
    ) throws(ContractError) {
        try list(UInt8(ascii: "{"), UInt8(ascii: "}")) { parser throws(ContractError) in
            parser.skipWhitespace()
            let name = try parser.name(known)
            try parser.expect(UInt8(ascii: ":"))
            if let name { try member(&parser, name) } else { try parser.skipValue() }
        }
    }

    package mutating func expectEnd() throws(ContractError) {
        skipWhitespace()
        if offset < bytes.count { throw error("the end of the JSON text") }
    }

    /// The first byte of the next token, without consuming it.
    @inline(__always)
    package mutating func firstByte() throws(ContractError) -> UInt8 {
        skipWhitespace()
        guard offset < bytes.count else { throw error("a JSON value") }
        return bytes[offset]
    }

    func error(_ expected: String, at place: Int? = nil) -> ContractError {
        let place = min(place ?? offset, bytes.count)
        let problem = "expected \(expected)"
        return ContractError(
            place < bytes.count ? problem : problem + ", but the text ends",
            offset: place
        )
    }
}

// MARK: - Structure

extension JSONParser {
    private mutating func object() throws(ContractError) -> JSONObject {
        var object = JSONObject()
        try members { parser, name throws(ContractError) in
            object.members.append((name, try parser.value()))
        }
        return object
    }

    private mutating func array() throws(ContractError) -> [JSON] {
        var array: [JSON] = []
        try list(UInt8(ascii: "["), UInt8(ascii: "]")) { parser throws(ContractError) in
            array.append(try parser.value())
        }
        return array
    }

    private mutating func skipObject() throws(ContractError) {
        try list(UInt8(ascii: "{"), UInt8(ascii: "}")) { parser throws(ContractError) in
            parser.skipWhitespace()
            try parser.skipString()
            try parser.expect(UInt8(ascii: ":"))
            try parser.skipValue()
        }
    }

    private mutating func skipArray() throws(ContractError) {
        try list(UInt8(ascii: "["), UInt8(ascii: "]")) { parser throws(ContractError) in
            try parser.skipValue()
        }
    }

    /// The elements between two brackets, separated by commas.
    @inline(__always)
    private mutating func list(
        _ opening: UInt8,
        _ closing: UInt8,
        of item: (inout JSONParser) throws(ContractError) -> Void
    ) throws(ContractError) {
        if depth == Self.depthLimit {
            throw error("at most \(Self.depthLimit) levels of nesting")
        }
        try expect(opening)
        depth += 1
        var isOpen = try firstByte() != closing
        if !isOpen { offset += 1 }
        while isOpen {
            try item(&self)
            let byte = try firstByte()
            guard byte == UInt8(ascii: ",") || byte == closing else {
                throw error("a comma or the closing bracket")
            }
            offset += 1
            isOpen = byte != closing
        }
        depth -= 1
    }

    @inline(__always)
    private mutating func expect(_ byte: UInt8) throws(ContractError) {
        skipWhitespace()
        guard offset < bytes.count, bytes[offset] == byte else {
            throw error("'\(Character(Unicode.Scalar(byte)))'")
        }
        offset += 1
    }

    @inline(__always)
    private mutating func skipWhitespace() {
        while offset < bytes.count, bytes[offset] <= 0x20, isWhitespace(bytes[offset]) {
            offset += 1
        }
    }

    private func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private mutating func literal(_ text: String, _ value: JSON) throws(ContractError) -> JSON {
        guard bytes[offset...].starts(with: text.utf8) else { throw error("a JSON value") }
        offset += text.utf8.count
        return value
    }
}
