/// PostgreSQL's OIDs of the types that this module reads or writes.
package struct TypeID: RawRepresentable, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    private init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// The server infers the type from the context of the parameter.
    static let inferred = TypeID(0)
    static let bool = TypeID(16)
    static let bytea = TypeID(17)
    static let char = TypeID(18)
    static let name = TypeID(19)
    static let int8 = TypeID(20)
    static let int2 = TypeID(21)
    static let int4 = TypeID(23)
    static let text = TypeID(25)
    static let oid = TypeID(26)
    static let json = TypeID(114)
    static let float4 = TypeID(700)
    static let float8 = TypeID(701)
    static let unknown = TypeID(705)
    static let bpchar = TypeID(1042)
    static let varchar = TypeID(1043)
    static let date = TypeID(1082)
    static let timestamp = TypeID(1114)
    static let timestamptz = TypeID(1184)
    static let interval = TypeID(1186)
    static let numeric = TypeID(1700)
    static let uuid = TypeID(2950)
    static let jsonb = TypeID(3802)

    static let boolArray = TypeID(1000)
    static let byteaArray = TypeID(1001)
    static let int4Array = TypeID(1007)
    static let textArray = TypeID(1009)
    static let int8Array = TypeID(1016)
    static let float8Array = TypeID(1022)
    static let timestamptzArray = TypeID(1185)
    static let uuidArray = TypeID(2951)
    static let jsonbArray = TypeID(3807)

    /// Whether an extension or `CREATE TYPE` created the type; enums are included.
    var isUserDefined: Bool { rawValue >= 16_384 }
}

extension TypeID: CustomStringConvertible {
    package var description: String { Self.names[self] ?? "type \(rawValue)" }

    private static let names: [TypeID: String] = [
        .bool: "bool", .bytea: "bytea", .char: "\"char\"", .name: "name", .int8: "int8",
        .int2: "int2", .int4: "int4", .text: "text", .oid: "oid", .json: "json",
        .float4: "float4", .float8: "float8", .bpchar: "char", .varchar: "varchar",
        .date: "date", .timestamp: "timestamp", .timestamptz: "timestamptz",
        .interval: "interval", .numeric: "numeric", .uuid: "uuid", .jsonb: "jsonb",
        .boolArray: "bool[]", .byteaArray: "bytea[]", .int4Array: "int4[]",
        .textArray: "text[]", .int8Array: "int8[]", .float8Array: "float8[]",
        .timestamptzArray: "timestamptz[]", .uuidArray: "uuid[]", .jsonbArray: "jsonb[]",
    ]
}
