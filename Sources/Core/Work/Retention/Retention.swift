package import Database

/// Deletes rows after their retention time. Each module defines the rules for its own tables.
package struct Retention {
    /// One kind of row and how long it is kept.
    package struct Rule: Sendable, Equatable {
        package let table: String
        /// The column with the age of a row. A row with null there is still in use and is kept.
        let ageColumn: String
        package let days: Int

        /// `ageColumn` must be the first column of an index on the table.
        package init(table: String, ageColumn: String, days: Int) {
            self.table = table
            self.ageColumn = ageColumn
            self.days = days
        }
    }

    /// The rules for the tables of this module.
    package static let rules = [
        Rule(table: "relais.schedule_instant", ageColumn: "finished_at", days: 30),
        Rule(table: "relais.task_total", ageColumn: "hour", days: 90),
        Rule(table: "relais.task_dead", ageColumn: "died_at", days: 90),
        Rule(table: "relais.idempotency", ageColumn: "expires_at", days: 0),
    ]

    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Deletes expired rows in batches, rule by rule, so that no lock is held for long. A row that
    /// cannot be deleted does not stop the others. No batch begins after `end`; the next run
    /// continues.
    package func apply(
        _ rules: [Rule],
        until end: ContinuousClock.Instant,
        batch: Int = 5_000
    ) throws(DatabaseError) -> Sweep {
        var sweep = Sweep()
        for rule in rules { try apply(rule, until: end, batch: batch, &sweep) }
        return sweep
    }

    /// Halves a failing batch until only the row that cannot be deleted is left, then skips that
    /// row.
    private func apply(
        _ rule: Rule,
        until end: ContinuousClock.Instant,
        batch: Int,
        _ sweep: inout Sweep
    ) throws(DatabaseError) {
        var limit = batch
        var kept = 0
        while ContinuousClock.now < end, kept < Self.problemLimit {
            do throws(DatabaseError) {
                let count = try delete(rule, limit: limit, after: kept)
                sweep.count += count
                if count < limit { return }
                limit = min(batch, limit * 2)
            } catch {
                if error.code.concernsEveryItem { throw error }
                if limit > 1 {
                    limit /= 2
                } else {
                    sweep.problems.append("\(rule.table), row \(kept + 1) by age: \(error)")
                    kept += 1
                }
            }
        }
    }

    /// Deletes the oldest rows after skipping the first `kept`, and returns the count.
    private func delete(_ rule: Rule, limit: Int, after kept: Int) throws(DatabaseError) -> Int {
        // Table and column names come from our own rules, so they are safe to interpolate. Values
        // are bound.
        let statement = Statement(
            """
            DELETE FROM \(rule.table) WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM \(rule.table)
                WHERE \(rule.ageColumn) < statement_timestamp() - $1 * interval '1 day'
                ORDER BY \(rule.ageColumn) OFFSET $3 LIMIT $2
                FOR UPDATE SKIP LOCKED
            ))
            """,
            .int(rule.days),
            .int(limit),
            .int(kept)
        )
        return try connection.platform(statement)[0].affected
    }

    /// The number of rows that may fail per rule in one run.
    private static let problemLimit = 10
}
