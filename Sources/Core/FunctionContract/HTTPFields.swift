/// HTTP header fields in order. Names are lower-case and may repeat.
package struct HTTPFields: Equatable, Sendable, ExpressibleByDictionaryLiteral {
    package var fields: [(name: String, value: String)]

    package init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { (name: $0.0.lowercased(), value: $0.1) }
    }

    /// The first value under `name`, which must be lower-case. Setting replaces every occurrence.
    package subscript(name: String) -> String? {
        get { fields.first { $0.name == name }?.value }
        set {
            fields.removeAll { $0.name == name }
            if let newValue { fields.append((name, newValue)) }
        }
    }

    package mutating func add(_ name: String, _ value: String) {
        fields.append((name, value))
    }

    package static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}

extension HTTPFields {
    /// Whether `text` is a token of RFC 9110, as a field name must be.
    package static func isName(_ text: String) -> Bool { isName(text.utf8.span) }

    package static func isName(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where !isTokenCharacter(bytes[index]) { return false }
        return bytes.count > 0
    }

    /// Whether `text` is a valid field value. A control character other than a tab could end the
    /// field's line or the whole head.
    package static func isValue(_ text: String) -> Bool { isValue(text.utf8.span) }

    package static func isValue(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices {
            let byte = bytes[index]
            if byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F { return false }
        }
        return true
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"),
            UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"),
            UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }
}
