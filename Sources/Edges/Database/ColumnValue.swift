/// A type that a column can be read as. `Optional` also reads NULL, `Array` reads a one-dimensional
/// array, and `[UInt8]` reads `bytea`.
package protocol ColumnValue {
    /// Reads a value; a nil cell is NULL.
    static func read(_ cell: Cell?) throws(Mismatch) -> Self
    static func readArray(_ cell: Cell?) throws(Mismatch) -> [Self]
}

/// Why a column cannot be read as the requested type.
package enum Mismatch: Error, Equatable {
    case isNull
    case isOfType(TypeID)
    case isOutOfRange

    var explanation: String {
        switch self {
        case .isNull: "is NULL; read it as an Optional"
        case .isOfType(.numeric): "is numeric; cast it to bigint or float8 in the query"
        case .isOfType(let type): "is of type \(type)"
        case .isOutOfRange: "holds a value out of range"
        }
    }
}

extension ColumnValue {
    package static func readArray(_ cell: Cell?) throws(Mismatch) -> [Self] {
        guard let cell else { throw .isNull }
        guard let dimensions = cell.integer(as: Int32.self),
            let element = cell.integer(at: 8, as: UInt32.self)
        else { throw .isOfType(cell.type) }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = cell.integer(at: 12, as: Int32.self), count >= 0 else {
            throw .isOfType(cell.type)
        }
        return try elements(of: cell, count: Int(count), type: TypeID(rawValue: element))
    }

    private static func elements(
        of cell: Cell,
        count: Int,
        type: TypeID
    ) throws(Mismatch) -> [Self] {
        var elements: [Self] = []
        var offset = 20
        for _ in 0..<count {
            guard let length = cell.integer(at: offset, as: Int32.self).map(Int.init) else {
                throw .isOfType(cell.type)
            }
            offset += 4
            if length < 0 {
                elements.append(try read(nil))
                continue
            }
            guard let part = cell.part(at: offset, count: length, type: type) else {
                throw .isOfType(cell.type)
            }
            elements.append(try read(part))
            offset += length
        }
        return elements
    }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> Wrapped? {
        guard let cell else { return nil }
        return try Wrapped.read(cell)
    }
}

extension Array: ColumnValue where Element: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> [Element] {
        try Element.readArray(cell)
    }
}
