internal import FunctionContract

/// The header fields of a message, in order, with names in lower case.
///
/// Fields are stored as in the message: `name: value` lines in one byte array. A message costs two
/// allocations, however many fields it has. A `String` is made only for a field that is read. Other
/// modules, which handle few messages at once, use `HTTPFields`.
package struct HTTPHeaders: Equatable, Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var fields: [Field] = []

    /// The name of the first field that was rejected because it could change the message's framing.
    /// Its name is not a token, or its value contains a control character.
    package private(set) var refused: String?

    package init() {}

    /// The position of a field in `bytes`.
    struct Field: Equatable, Sendable {
        let start: UInt32
        let nameCount: UInt32
        let valueCount: UInt32

        var name: Range<Int> { Int(start)..<Int(start + nameCount) }
        var value: Range<Int> {
            Int(start + nameCount) + 2..<Int(start + nameCount + valueCount) + 2
        }
        var line: Range<Int> { Int(start)..<Int(start + nameCount + valueCount) + 4 }
    }
}

extension HTTPHeaders {
    /// The value of the first field with this name, ignoring case.
    package subscript(name: String) -> String? {
        let wanted = name.utf8.span
        for field in fields where isName(of: field, wanted) { return text(field.value) }
        return nil
    }

    /// All values of the fields with this name, in order.
    package func values(of name: String) -> [String] {
        let wanted = name.utf8.span
        var values: [String] = []
        for field in fields where isName(of: field, wanted) { values.append(text(field.value)) }
        return values
    }

    /// Adds a field. A field that could break the framing is rejected and noted in `refused`.
    package mutating func append(_ name: String, _ value: String) {
        guard HTTPFields.isName(name), HTTPFields.isValue(value) else {
            refused = refused ?? name
            return
        }
        if bytes.isEmpty { reserve() }
        let start = bytes.count
        extend(name.utf8.span, asName: true)
        let nameEnd = bytes.count
        endName()
        let blanks = value.utf8.prefix(while: isBlank).count
        extend(value.utf8.span.extracting(blanks..<value.utf8.count), asName: false)
        endField(start: start, nameEnd: nameEnd)
    }

    /// Replaces all fields of this name by one. `name` must be in lower case.
    mutating func replace(_ name: String, with value: String) {
        var replaced = HTTPHeaders()
        replaced.append(name, value)
        for (other, value) in self where other != name { replaced.append(other, value) }
        self = replaced
    }

    /// Passes each field not named `name` to `body`, as received and without making strings.
    package func forEachField(
        except name: String,
        _ body: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void
    ) {
        let unwanted = name.utf8.span
        let bytes = bytes.span
        for field in fields where !isName(of: field, unwanted) {
            body(bytes.extracting(field.name), bytes.extracting(field.value))
        }
    }

    /// Whether a name occurs more than once.
    package var repeatsNames: Bool {
        let bytes = bytes.span
        for (index, field) in fields.enumerated() {
            let name = bytes.extracting(field.name)
            for other in fields[..<index] where isName(of: other, name) { return true }
        }
        return false
    }
}

extension HTTPHeaders: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { fields.count }

    /// The field at a position in the message.
    package subscript(position: Int) -> (name: String, value: String) {
        (text(fields[position].name), text(fields[position].value))
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    /// Keeps the order of the fields, and repeated names.
    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }
}

// MARK: - Incremental building

extension HTTPHeaders {
    mutating func reserve() {
        bytes.reserveCapacity(HTTPHeaders.usualBytes)
        fields.reserveCapacity(HTTPHeaders.usualFields)
    }

    mutating func extend(_ piece: Span<UInt8>, asName: Bool) {
        let start = bytes.count
        bytes.append(piece)
        guard asName else { return }
        var written = bytes.mutableSpan
        for index in start..<written.count { written[index] = lowercased(written[index]) }
    }

    mutating func endName() {
        bytes.append(UInt8(ascii: ":"))
        bytes.append(UInt8(ascii: " "))
    }

    mutating func endField(start: Int, nameEnd: Int) {
        let valueStart = nameEnd + 2
        while bytes.count > valueStart, isBlank(bytes[bytes.count - 1]) { bytes.removeLast() }
        fields.append(
            Field(
                start: UInt32(start),
                nameCount: UInt32(nameEnd - start),
                valueCount: UInt32(bytes.count - valueStart)
            )
        )
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }

    // Enough for the requests of load tools and providers, so that the arrays do not grow.
    private static let usualBytes = 448
    private static let usualFields = 12

    private func isName(of field: Field, _ wanted: Span<UInt8>) -> Bool {
        guard Int(field.nameCount) == wanted.count else { return false }
        let start = Int(field.start)
        for index in wanted.indices where bytes[start + index] != lowercased(wanted[index]) {
            return false
        }
        return true
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}
