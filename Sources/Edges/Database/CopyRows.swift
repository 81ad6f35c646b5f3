/// Rows in COPY's text format.
struct CopyRows: ParameterVisitor {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ values: [Parameter]) {
        for (position, value) in values.enumerated() {
            if position > 0 { bytes.append(CopyText.tab) }
            value.visit(&self)
        }
        bytes.append(CopyText.newline)
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func visit<Value: Bindable>(scalar: Value?) {
        if let scalar {
            CopyText.append(escaped: scalar.text.utf8, to: &bytes)
        } else {
            bytes += CopyText.null
        }
    }

    mutating func visit<Value: Bindable>(array: [Value?]) {
        let elements = array.map { $0.map { Self.quoted($0.text) } ?? "NULL" }
        CopyText.append(escaped: "{\(elements.joined(separator: ","))}".utf8, to: &bytes)
    }

    /// An element of an array literal, in quotes. Only `"` and `\` need escaping there.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
