/// JSON to be written on one line; an object keeps the order of its keys.
package indirect enum JSONValue: Equatable, Sendable {
    case string(String)
    case number(Double)
    case boolean(Bool)
    case array([JSONValue])
    case object([Member])

    package struct Member: Equatable, Sendable {
        let key: String
        let value: JSONValue

        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value without any line break.
    package var text: String {
        switch self {
        case .string(let string): Self.quoted(string)
        case .number(let number): Self.digits(number)
        case .boolean(let boolean): boolean ? "true" : "false"
        case .array(let values): "[\(values.map(\.text).joined(separator: ","))]"
        case .object(let members): "{\(members.map(Self.text).joined(separator: ","))}"
        }
    }

    private static func text(_ member: Member) -> String {
        "\(quoted(member.key)):\(member.value.text)"
    }

    /// Three decimals say more than any measurement here can.
    private static func digits(_ number: Double) -> String {
        precondition(number.isFinite, "JSON has no word for \(number)")
        let rounded = (number * 1000).rounded() / 1000
        guard let whole = Int(exactly: rounded) else { return "\(rounded)" }
        return "\(whole)"
    }

    private static func quoted(_ string: String) -> String {
        "\"" + string.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case ..<" ": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: String(scalar)
        }
    }
}
