package import Database

/// The result of a run over many items. A failed item is named in `problems`, and the run goes on.
package struct Sweep: Sendable, Equatable {
    package var count = 0
    package var problems: [String] = []

    package init() {}

    /// Runs `body` for one item. An error that concerns the whole database ends the run.
    package mutating func attempt(
        _ item: String,
        _ body: (inout Sweep) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        do throws(DatabaseError) {
            try body(&self)
        } catch {
            if error.code.concernsEveryItem { throw error }
            problems.append("\(item): \(error)")
        }
    }

    /// Processes batches until one is not full. When a batch fails, its items are processed one by
    /// one, and the run ends. Each run thus gets past the failing items of one batch.
    mutating func together(
        limit: Int,
        _ batch: (Int) throws(DatabaseError) -> Int,
        items: (Int) throws(DatabaseError) -> Rows,
        name: (Row) throws(DatabaseError) -> String,
        one: (Row) throws(DatabaseError) -> Int
    ) throws(DatabaseError) {
        do throws(DatabaseError) {
            var done: Int
            repeat {
                done = try batch(limit)
                count += done
            } while done == limit
            return
        } catch {
            if error.code.concernsEveryItem { throw error }
        }
        for row in try items(limit) {
            try attempt(name(row)) { (sweep) throws(DatabaseError) in sweep.count += try one(row) }
        }
    }
}

extension DatabaseError.Code {
    /// The error is not specific to one item: the next item would fail as well.
    package var concernsEveryItem: Bool {
        switch self {
        case .configuration, .unreachable, .authentication, .connectionLost, .migration: true
        case .timeout, .commitUnknown, .serialization, .deadlock, .uniqueViolation,
            .foreignKeyViolation, .notNullViolation, .checkViolation, .exclusionViolation,
            .invalidValue, .permission, .invalidStatement, .decoding, .other:
            false
        }
    }
}
