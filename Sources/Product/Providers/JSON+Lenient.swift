import FunctionContract

// Providers write the same field as a string in one place and as a number in another. These getters
// therefore accept every value that can be converted to the type needed.

extension JSON {
    /// A string, or a number or boolean as text.
    var asText: String? {
        switch self {
        case .string(let text): text
        case .integer, .number, .bool: text
        case .null, .array, .object: nil
        }
    }

    /// Text that can be an identifier: not empty.
    var asIdentifier: String? {
        guard let text = asText, !text.isEmpty else { return nil }
        return text
    }

    var asInteger: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value.rounded(.towardZero))
        case .string(let text): Int(text)
        case .null, .bool, .array, .object: nil
        }
    }

    var asDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .string(let text): Double(text)
        case .null, .bool, .array, .object: nil
        }
    }

    var asBool: Bool? {
        switch self {
        case .bool(let value): value
        case .string("true"), .integer(1): true
        case .string("false"), .integer(0): false
        default: nil
        }
    }

    /// A moment in RFC 3339, or in seconds or milliseconds since 1970. The number may have a
    /// fraction and may be written as text.
    var asMoment: Timestamp? {
        if let text = string, let moment = Timestamp(rfc3339: text) { return moment }
        guard let value = asDouble, value.isFinite, value > 0, value < 1e15 else { return nil }
        // Seconds reach 10^11 in the year 5138; milliseconds passed 10^11 in 1973.
        return Timestamp(milliseconds: Int64(value < 1e11 ? value * 1000 : value))
    }

    /// The same value without its null members. Every provider treats null like an absent member.
    /// Code that tries several member names in turn must not stop at a null.
    var withoutNulls: JSON { holdsNull ? kept : self }

    private var kept: JSON {
        switch self {
        case .object(let object):
            let members = object.members.filter { !$0.value.isNull }
            return .object(JSONObject(members.map { ($0.name, $0.value.kept) }))
        case .array(let elements): return .array(elements.map(\.kept))
        case .null, .bool, .integer, .number, .string: return self
        }
    }

    /// Most bodies hold no null, and a search costs less than a copy.
    private var holdsNull: Bool {
        switch self {
        case .null: true
        case .object(let object): object.members.contains { $0.value.holdsNull }
        case .array(let elements): elements.contains { $0.holdsNull }
        case .bool, .integer, .number, .string: false
        }
    }

    /// The elements of an array; a single value in place of an array counts as one element.
    var asList: [JSON] {
        switch self {
        case .array(let elements): elements
        case .null: []
        default: [self]
        }
    }
}

extension JSON? {
    var elements: [JSON] { self?.array ?? [] }
}

/// Builds an object from its members and leaves out those that are absent or null.
func members(_ pairs: (String, JSON?)...) -> JSON {
    var object = JSONObject()
    for (name, value) in pairs {
        if let value, !value.isNull { object.members.append((name, value)) }
    }
    return .object(object)
}

extension JSON {
    /// The JSON string of `text`, for building objects from optional parts.
    static func text(_ text: String?) -> JSON? { text.map(JSON.string) }
}
