package import FunctionContract

extension Bool: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> Bool {
        let cell = try present(cell, [.bool])
        return cell.integer(as: UInt8.self) == 1
    }
}

extension Int: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> Int {
        try Int(readInteger(cell))
    }
}

extension Int32: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> Int32 {
        guard let value = Int32(exactly: try readInteger(cell)) else { throw .isOutOfRange }
        return value
    }
}

extension Double: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> Double {
        let cell = try present(cell, [.float8, .float4])
        if cell.type == .float4 {
            return Double(Float(bitPattern: cell.integer(as: UInt32.self) ?? 0))
        }
        return Double(bitPattern: cell.integer(as: UInt64.self) ?? 0)
    }
}

extension String: ColumnValue {
    private static let types: Set<TypeID> = [
        .text, .varchar, .bpchar, .name, .json, .jsonb, .unknown,
    ]

    package static func read(_ cell: Cell?) throws(Mismatch) -> String {
        guard let cell else { throw .isNull }
        // Enums and citext are sent as text. The UTF-8 check catches most other user-defined types.
        guard types.contains(cell.type) || cell.type.isUserDefined,
            let text = cell.text(from: cell.type == .jsonb ? 1 : 0)
        else { throw .isOfType(cell.type) }
        return text
    }
}

extension UUID: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> UUID {
        let cell = try present(cell, [.uuid])
        guard let high = cell.integer(as: UInt64.self),
            let low = cell.integer(at: 8, as: UInt64.self)
        else { throw .isOfType(cell.type) }
        return UUID(high: high, low: low)
    }
}

extension Timestamp: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> Timestamp {
        let cell = try present(cell, [.timestamptz, .timestamp])
        guard let value = cell.integer(as: Int64.self) else { throw .isOfType(cell.type) }
        if value == .max || value == .min { return Timestamp(microseconds: value) }
        let (microseconds, overflow) = value.addingReportingOverflow(millennium)
        guard !overflow else { throw .isOutOfRange }
        return Timestamp(microseconds: microseconds)
    }
}

extension UInt8: ColumnValue {
    package static func read(_ cell: Cell?) throws(Mismatch) -> UInt8 {
        try present(cell, [.char]).integer(as: UInt8.self) ?? 0
    }

    /// `[UInt8]` is read from `bytea`.
    package static func readArray(_ cell: Cell?) throws(Mismatch) -> [UInt8] {
        try present(cell, [.bytea]).copy
    }
}

private func present(_ cell: Cell?, _ types: [TypeID]) throws(Mismatch) -> Cell {
    guard let cell else { throw .isNull }
    guard types.contains(cell.type) else { throw .isOfType(cell.type) }
    return cell
}

private func readInteger(_ cell: Cell?) throws(Mismatch) -> Int64 {
    guard let cell else { throw .isNull }
    let value: Int64? =
        switch cell.type {
        case .int8: cell.integer(as: Int64.self)
        case .int4: cell.integer(as: Int32.self).map(Int64.init)
        case .int2: cell.integer(as: Int16.self).map(Int64.init)
        case .oid: cell.integer(as: UInt32.self).map(Int64.init)
        default: nil
        }
    guard let value else { throw .isOfType(cell.type) }
    return value
}
