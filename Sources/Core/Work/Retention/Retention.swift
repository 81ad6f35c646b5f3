package import Database

/// How long the platform keeps what it no longer needs, and the forgetting of it. Each module says
/// what of its own tables goes when.
package struct Retention {
    /// One kind of row and how long it is kept.
    package struct Rule: Sendable, Equatable {
        package let table: String
        /// What tells the age of a row; a row without it is still in use and is kept.
        let ageColumn: String
        package let days: Int

        /// `ageColumn` leads an index of the table.
        package init(table: String, ageColumn: String, days: Int) {
            self.table = table
            self.ageColumn = ageColumn
            self.days = days
        }
    }

    /// What goes of the tables of this module.
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

    /// Deletes what is past its time, rule by rule and batch by batch, so that no lock is held for
    /// long. A row that cannot be deleted keeps no other. No batch begins after `end`; what is left
    /// is for the next run.
    package func apply(
        _ rules: [Rule],
        until end: ContinuousClock.Instant,
        batch: Int = 5_000
    ) throws(DatabaseError) -> Sweep {
        var sweep = Sweep()
        for rule in rules { try apply(rule, until: end, batch: batch, &sweep) }
        return sweep
    }

    /// A batch that fails is halved until the row that cannot be deleted is alone; it is passed by.
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

    /// Deletes the oldest, passing over the first `kept`, and returns how many.
    private func delete(_ rule: Rule, limit: Int, after kept: Int) throws(DatabaseError) -> Int {
        // Names of tables and columns are ours, from the rules of the modules; values are bound.
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

    /// Rows of one kind that cannot be deleted, in one run.
    private static let problemLimit = 10
}
