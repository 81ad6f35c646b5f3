/// Reads JSON (RFC 8259) from bytes. Strict about the grammar, bounded in depth.
///
/// `value()` builds a `JSON`; `skipValue()` checks a value and builds nothing, for a host that
/// passes most of what it reads along untouched.
package struct JSONParser {
    /// Arrays and objects nested deeper than this are refused: recursion must have an end.
    package static let depthLimit = 128

    let bytes: [UInt8]
    var offset: Int
    let limit: Int
    private var depth = 0

    package init(_ bytes: [UInt8], range: Range<Int>? = nil) {
        let range = range ?? 0..<bytes.count
        self.bytes = bytes
        self.offset = range.lowerBound
        self.limit = range.upperBound
    }

    /// The one value that makes up the whole of `bytes`.
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

    /// Calls `member` for each member of an object; it must consume the value.
    package mutating func members(
        _ member: (inout JSONParser, String) throws(ContractError) -> Void
    ) throws(ContractError) {
        try enter(UInt8(ascii: "{"))
        if try closes(UInt8(ascii: "}")) { return leave() }
        repeat {
            skipWhitespace()
            let name = try string()
            try expect(UInt8(ascii: ":"))
            try member(&self, name)
        } while try continues(until: UInt8(ascii: "}"))
        leave()
    }

    /// Checks the next value and passes over it.
    package mutating func skipValue() throws(ContractError) {
        switch try firstByte() {
        case UInt8(ascii: "{"):
            try members { parser, _ throws(ContractError) in try parser.skipValue() }
        case UInt8(ascii: "["):
            try elements { parser throws(ContractError) in try parser.skipValue() }
        case UInt8(ascii: "\""): try skipString()
        default: _ = try value()
        }
    }

    package mutating func expectEnd() throws(ContractError) {
        skipWhitespace()
        if offset < limit { throw error("the end of the JSON text") }
    }

    /// The first byte of the next token, not consumed.
    package mutating func firstByte() throws(ContractError) -> UInt8 {
        skipWhitespace()
        guard offset < limit else { throw error("a JSON value") }
        return bytes[offset]
    }

    package mutating func string() throws(ContractError) -> String {
        let (range, escaped) = try stringRange()
        if escaped { return try unescaped(range) }
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw error("a string in valid UTF-8", at: range.lowerBound)
        }
        return text
    }

    func error(_ expected: String, at place: Int? = nil) -> ContractError {
        let place = place ?? offset
        return ContractError(
            place >= limit
                ? "the JSON text ends at byte \(place), expected \(expected)"
                : "JSON: expected \(expected) at byte \(place)"
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
        try elements { parser throws(ContractError) in array.append(try parser.value()) }
        return array
    }

    private mutating func elements(
        _ element: (inout JSONParser) throws(ContractError) -> Void
    ) throws(ContractError) {
        try enter(UInt8(ascii: "["))
        if try closes(UInt8(ascii: "]")) { return leave() }
        repeat { try element(&self) } while try continues(until: UInt8(ascii: "]"))
        leave()
    }

    private mutating func enter(_ opening: UInt8) throws(ContractError) {
        try expect(opening)
        depth += 1
        if depth > Self.depthLimit {
            throw error("at most \(Self.depthLimit) levels of nesting")
        }
    }

    private mutating func leave() {
        depth -= 1
    }

    private mutating func closes(_ closing: UInt8) throws(ContractError) -> Bool {
        guard try firstByte() == closing else { return false }
        offset += 1
        return true
    }

    private mutating func continues(until closing: UInt8) throws(ContractError) -> Bool {
        let byte = try firstByte()
        guard byte == UInt8(ascii: ",") || byte == closing else {
            throw error("a comma or the closing bracket")
        }
        offset += 1
        return byte != closing
    }

    private mutating func expect(_ byte: UInt8) throws(ContractError) {
        skipWhitespace()
        guard offset < limit, bytes[offset] == byte else {
            throw error("'\(Character(Unicode.Scalar(byte)))'")
        }
        offset += 1
    }

    private mutating func skipWhitespace() {
        while offset < limit {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(ContractError) -> JSON
    {
        let name = text.description
        guard bytes[offset..<limit].starts(with: name.utf8) else { throw error("a JSON value") }
        offset += name.utf8.count
        return value
    }
}
