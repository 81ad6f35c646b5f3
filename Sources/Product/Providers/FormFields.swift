private import FunctionContract

/// The fields of an `application/x-www-form-urlencoded` text, in their order.
package struct FormFields: Equatable, Sendable {
    /// No provider sends this many fields. All text after the limit becomes one meaningless value.
    private static let fieldLimit = 1000

    package private(set) var pairs: [(name: String, value: String)]

    package init(_ pairs: [(String, String)] = []) {
        self.pairs = pairs.map { (name: $0.0, value: $0.1) }
    }

    /// Reads a body or a query. A field without `=` is a name without a value.
    package init(_ bytes: [UInt8]) {
        let fields = bytes.split(separator: UInt8(ascii: "&"), maxSplits: Self.fieldLimit)
        pairs = fields.map { field in
            let parts = field.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let words = parts.map {
                PercentEncoding.decode(String(decoding: $0, as: UTF8.self), plusIsSpace: true)
            }
            return (name: words[0], value: words.count > 1 ? words[1] : "")
        }
    }

    /// The first value of that name; nil if it is missing or empty.
    package subscript(name: String) -> String? {
        guard let value = pairs.first(where: { $0.name == name })?.value else { return nil }
        return value.isEmpty ? nil : value
    }

    package mutating func add(_ name: String, _ value: String) {
        pairs.append((name: name, value: value))
    }

    package var bytes: [UInt8] {
        let fields = pairs.map {
            PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value)
        }
        return Array(fields.joined(separator: "&").utf8)
    }

    package static func == (left: FormFields, right: FormFields) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }
}
