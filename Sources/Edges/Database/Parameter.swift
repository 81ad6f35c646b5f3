package import FunctionContract

/// A value bound to `$1`, `$2`, … It is sent in binary together with its type. The SQL therefore
/// needs no casts, and nil is a NULL of that type.
package enum Parameter: Sendable, Equatable {
    case bool(Bool?)
    case int32(Int32?)
    case int(Int?)
    case double(Double?)
    case text(String?)
    /// JSON text, bound as `jsonb`.
    case json(String?)
    case bytes([UInt8]?)
    case uuid(UUID?)
    case timestamp(Timestamp?)
    /// Text whose type the server infers: enums, `halfvec`, `date`, `interval`, …
    case inferred(String?)

    case bools([Bool?])
    case int32s([Int32?])
    case ints([Int?])
    case doubles([Double?])
    case texts([String?])
    case jsons([String?])
    case byteStrings([[UInt8]?])
    case uuids([UUID?])
    case timestamps([Timestamp?])
}

/// A scalar that can be bound, alone or in an array, and written to COPY.
protocol Bindable {
    static var type: TypeID { get }
    static var arrayType: TypeID { get }
    func appendBinary(to buffer: inout [UInt8])
    /// The text form, before any escaping.
    var text: String { get }
}

extension Parameter {
    /// Calls `visitor` with the scalar or array inside. This is the only `switch` over all cases.
    func visit<Visitor: ParameterVisitor>(_ visitor: inout Visitor) {
        switch self {
        case .bool(let value): visitor.visit(scalar: value)
        case .int32(let value): visitor.visit(scalar: value)
        case .int(let value): visitor.visit(scalar: value)
        case .double(let value): visitor.visit(scalar: value)
        case .text(let value): visitor.visit(scalar: value)
        case .json(let value): visitor.visit(scalar: value.map(JSONText.init))
        case .bytes(let value): visitor.visit(scalar: value.map(ByteString.init))
        case .uuid(let value): visitor.visit(scalar: value)
        case .timestamp(let value): visitor.visit(scalar: value)
        case .inferred(let value): visitor.visit(scalar: value.map(InferredText.init))
        case .bools(let values): visitor.visit(array: values)
        case .int32s(let values): visitor.visit(array: values)
        case .ints(let values): visitor.visit(array: values)
        case .doubles(let values): visitor.visit(array: values)
        case .texts(let values): visitor.visit(array: values)
        case .jsons(let values): visitor.visit(array: values.map { $0.map(JSONText.init) })
        case .byteStrings(let values): visitor.visit(array: values.map { $0.map(ByteString.init) })
        case .uuids(let values): visitor.visit(array: values)
        case .timestamps(let values): visitor.visit(array: values)
        }
    }
}

/// An operation on every kind of parameter: encoding for Bind, writing to COPY.
protocol ParameterVisitor {
    mutating func visit<Value: Bindable>(scalar: Value?)
    mutating func visit<Value: Bindable>(array: [Value?])
}
