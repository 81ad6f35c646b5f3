internal import CPostgres

/// The result of a statement: its rows in order, held in memory.
///
/// Rows become values by an initialiser: `try rows.map(Contact.init)`. A closure would have to spell
/// out `throws(DatabaseError)`, which Swift does not infer.
@safe
package final class Rows: RandomAccessCollection {
    private let result: OpaquePointer
    package let count: Int
    private let columns: [Column]

    /// Takes ownership of a libpq result.
    init(owning result: OpaquePointer) {
        unsafe self.result = result
        count = Int(unsafe PQntuples(result))
        columns = (0..<(unsafe PQnfields(result))).map { index in
            Column(
                name: unsafe String(cString: PQfname(result, index)),
                type: TypeID(rawValue: unsafe PQftype(result, index))
            )
        }
    }

    deinit { unsafe PQclear(result) }

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package subscript(position: Int) -> Row {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return Row(rows: self, position: position)
    }

    /// The values of one column, in the order of the rows.
    package func column<Value: ColumnValue>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(DatabaseError) -> [Value] {
        try map { (row) throws(DatabaseError) in try row.get(name) }
    }

    /// How many rows INSERT, UPDATE, DELETE, MERGE or SELECT affected or returned.
    package var affected: Int { unsafe Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// The command tag without its row count: `COMMIT`, `INSERT`.
    var command: Substring {
        unsafe String(cString: PQcmdStatus(result)).prefix { $0 != " " }
    }

    fileprivate func read<Value: ColumnValue>(
        _ type: Value.Type,
        _ name: String,
        row: Int
    ) throws(DatabaseError) -> Value {
        guard let column = columns.firstIndex(where: { $0.name == name }) else {
            throw DatabaseError(.decoding, "the result has no column \(name)")
        }
        do throws(Mismatch) {
            return try Value.read(cell(row: row, column: column))
        } catch {
            throw DatabaseError(
                .decoding,
                "column \(name) cannot be read as \(type): it \(error.explanation)"
            )
        }
    }

    private func cell(row: Int, column: Int) -> Cell? {
        let (row, index) = (CInt(row), CInt(column))
        guard unsafe PQgetisnull(result, row, index) == 0 else { return nil }
        return unsafe Cell(
            type: columns[column].type,
            bytes: UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, index),
                count: Int(PQgetlength(result, row, index))
            )
        )
    }

    private struct Column {
        let name: String
        let type: TypeID
    }
}

/// One row of a result. Read a column by its name, with the type from the context: `let id: UUID =
/// try row.get("id")`.
package struct Row {
    fileprivate let rows: Rows
    fileprivate let position: Int

    /// The value of a column. An error names the column and both types.
    package func get<Value: ColumnValue>(
        _ column: String,
        as type: Value.Type = Value.self
    ) throws(DatabaseError) -> Value {
        try rows.read(type, column, row: position)
    }
}

@available(*, unavailable) extension Rows: Sendable {}
