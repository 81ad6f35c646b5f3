/// Writes JSON into one growing buffer, on one line, in the order of the calls.
package struct JSONWriter {
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    package init(reserving capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Empties the buffer and keeps its memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        members(&self)
        close(UInt8(ascii: "}"))
    }

    package mutating func array(_ elements: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        elements(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes the name of the next member.
    package mutating func name(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes the name of the next member, a constant that needs no escape.
    mutating func plainName(_ name: String) {
        let text = name.utf8.span
        let comma = needsComma
        bytes.append(addingCapacity: text.count + 4) { output in
            if comma { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            output.append(text)
            output.append(UInt8(ascii: "\""))
            output.append(UInt8(ascii: ":"))
        }
        needsComma = false
    }

    /// Writes a member in one step. Its name must need no escape, and its value rarely needs one.
    mutating func member(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        let plain = Self.plainEnd(of: value, from: 0)
        let comma = needsComma
        bytes.append(addingCapacity: name.count + plain + 6) { output in
            if comma { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            output.append(name)
            output.append(UInt8(ascii: "\""))
            output.append(UInt8(ascii: ":"))
            output.append(UInt8(ascii: "\""))
            output.append(value.extracting(..<plain))
            if plain == value.count { output.append(UInt8(ascii: "\"")) }
        }
        endQuote(value, after: plain)
    }

    package mutating func string(_ text: String) {
        quote(text.utf8.span)
    }

    /// Writes a string of valid UTF-8 bytes.
    package mutating func string(utf8 text: [UInt8]) {
        quote(text.span)
    }

    package mutating func integer(_ value: some BinaryInteger) {
        separate()
        if let value = Int64(exactly: value) {
            bytes.append(decimal: value)
        } else {
            bytes.append(contentsOf: String(value).utf8)
        }
    }

    package mutating func bool(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    package mutating func null() {
        raw("null")
    }

    /// Writes JSON that is already encoded.
    package mutating func raw(_ json: String) {
        separate()
        bytes.append(json.utf8.span)
    }

    package mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let bool): self.bool(bool)
        case .integer(let integer): self.integer(integer)
        case .number(let number): double(number)
        case .string(let string): self.string(string)
        case .array(let elements):
            array { writer in for element in elements { writer.value(element) } }
        case .object(let object):
            self.object { writer in
                for member in object.members {
                    writer.name(member.name)
                    writer.value(member.value)
                }
            }
        }
    }

    package mutating func newline() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Writes a string that `append` makes in place. Its characters must need no escape.
    mutating func plainString(_ append: (inout [UInt8]) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// JSON has no infinity and no NaN, so they are written as null.
    private mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        raw(value.description)
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

// MARK: - Escapes

extension JSONWriter {
    private mutating func quote(_ text: Span<UInt8>) {
        let plain = Self.plainEnd(of: text, from: 0)
        let comma = needsComma
        bytes.append(addingCapacity: plain + 3) { output in
            if comma { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            output.append(text.extracting(..<plain))
            if plain == text.count { output.append(UInt8(ascii: "\"")) }
        }
        endQuote(text, after: plain)
    }

    @inline(__always)
    private mutating func endQuote(_ text: Span<UInt8>, after plain: Int) {
        needsComma = true
        guard plain < text.count else { return }
        appendEscaped(text.extracting(plain...))
        bytes.append(UInt8(ascii: "\""))
    }

    /// Works in blocks, so that the capacity for the worst case stays close to the length of the
    /// text.
    private mutating func appendEscaped(_ text: Span<UInt8>) {
        let blockSize = 256
        for start in stride(from: 0, to: text.count, by: blockSize) {
            let block = text.extracting(start..<min(start + blockSize, text.count))
            bytes.append(addingCapacity: block.count * Self.longestEscape) { output in
                Self.append(block, to: &output)
            }
        }
    }

    private static let longestEscape = 6

    /// Copies the text between two escapes as a whole.
    private static func append(_ block: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        var index = 0
        while index < block.count {
            let end = plainEnd(of: block, from: index)
            output.append(block.extracting(index..<end))
            if end < block.count { appendEscape(of: block[end], to: &output) }
            index = end + 1
        }
    }

    private static func plainEnd(of text: Span<UInt8>, from start: Int) -> Int {
        text.firstIndex(from: start) {
            $0.below(0x20) | $0.equal(to: UInt8(ascii: "\"")) | $0.equal(to: UInt8(ascii: "\\"))
        }
    }

    @inline(__always)
    private static func appendEscape(of byte: UInt8, to output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0..<0x20:
            output.append(UInt8(ascii: "u"))
            output.append(UInt8(ascii: "0"))
            output.append(UInt8(ascii: "0"))
            output.append(Base16.digit(byte >> 4))
            output.append(Base16.digit(byte & 0x0F))
        default: output.append(byte)
        }
    }
}

extension JSON {
    /// This value as JSON on one line.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
