internal import FunctionContract

extension Bool: Bindable {
    static var type: TypeID { .bool }
    static var arrayType: TypeID { .boolArray }
    func appendBinary(to buffer: inout [UInt8]) { buffer.append(self ? 1 : 0) }
    var text: String { self ? "t" : "f" }
}

extension Int32: Bindable {
    static var type: TypeID { .int4 }
    static var arrayType: TypeID { .int4Array }
    func appendBinary(to buffer: inout [UInt8]) { buffer.append(bigEndian: self) }
    var text: String { String(self) }
}

extension Int: Bindable {
    static var type: TypeID { .int8 }
    static var arrayType: TypeID { .int8Array }
    func appendBinary(to buffer: inout [UInt8]) { buffer.append(bigEndian: self) }
    var text: String { String(self) }
}

extension Double: Bindable {
    static var type: TypeID { .float8 }
    static var arrayType: TypeID { .float8Array }
    func appendBinary(to buffer: inout [UInt8]) { buffer.append(bigEndian: bitPattern) }
    var text: String { description }
}

extension String: Bindable {
    static var type: TypeID { .text }
    static var arrayType: TypeID { .textArray }
    func appendBinary(to buffer: inout [UInt8]) { buffer.append(contentsOf: utf8) }
    var text: String { self }
}

extension UUID: Bindable {
    static var type: TypeID { .uuid }
    static var arrayType: TypeID { .uuidArray }
    func appendBinary(to buffer: inout [UInt8]) { buffer.append(contentsOf: bytes) }
    var text: String { description }
}

extension Timestamp: Bindable {
    static var type: TypeID { .timestamptz }
    static var arrayType: TypeID { .timestamptzArray }
    func appendBinary(to buffer: inout [UInt8]) { buffer.append(bigEndian: sinceMillennium) }
    var text: String { description }

    /// PostgreSQL counts from 2000-01-01. `distantFuture` and `distantPast` mean the infinities.
    private var sinceMillennium: Int64 {
        if self == .distantFuture || self == .distantPast { return microseconds }
        let (shifted, overflow) = microseconds.subtractingReportingOverflow(Self.millennium)
        return overflow ? .min : shifted
    }

    static let millennium: Int64 = 946_684_800_000_000
}

struct JSONText: Bindable {
    let text: String

    static var type: TypeID { .jsonb }
    static var arrayType: TypeID { .jsonbArray }
    func appendBinary(to buffer: inout [UInt8]) {
        buffer.append(Self.version)
        buffer.append(contentsOf: text.utf8)
    }

    /// The first byte of every binary `jsonb`.
    static let version: UInt8 = 1
}

struct ByteString: Bindable {
    let bytes: [UInt8]

    static var type: TypeID { .bytea }
    static var arrayType: TypeID { .byteaArray }
    func appendBinary(to buffer: inout [UInt8]) { buffer.append(contentsOf: bytes) }

    var text: String {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.reduce(into: "\\x") { text, byte in
            text.unicodeScalars.append(Unicode.Scalar(digits[Int(byte >> 4)]))
            text.unicodeScalars.append(Unicode.Scalar(digits[Int(byte & 0xF)]))
        }
    }
}

/// Bound in text format, because only the server knows its type and therefore its binary form.
struct InferredText: Bindable {
    let text: String

    static var type: TypeID { .inferred }
    static var arrayType: TypeID { .inferred }
    func appendBinary(to buffer: inout [UInt8]) {
        buffer.append(contentsOf: text.utf8)
        // libpq finds the end of a text parameter by its NUL.
        buffer.append(0)
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
