package import Database

/// How long the platform keeps what it no longer needs, and the forgetting of it.
package struct Retention {
    /// One kind of row and how long it is kept.
    package struct Rule: Sendable, Equatable {
        package let table: String
        /// What tells the age of a row; a row without it is still in use and is kept.
        let ageColumn: String
        package let days: Int
    }

    /// What is deleted when; nothing else ever is.
    package static let rules = [
        Rule(table: "relais.webhook_inbox", ageColumn: "processed_at", days: 30),
        Rule(table: "relais.orphan_status", ageColumn: "received_at", days: 30),
        Rule(table: "relais.schedule_instant", ageColumn: "finished_at", days: 30),
        Rule(table: "relais.task_total", ageColumn: "hour", days: 90),
        Rule(table: "relais.task_dead", ageColumn: "died_at", days: 90),
        Rule(table: "relais.link_click", ageColumn: "clicked_at", days: 400),
    ]

    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Deletes up to `limit` rows under `rule`, the oldest first, and returns how many: a full
    /// batch means that there may be more.
    package func apply(_ rule: Rule, limit: Int = 5_000) throws(DatabaseError) -> Int {
        // Names of tables and columns are ours, from the list above; values are bound.
        let statement = Statement(
            """
            DELETE FROM \(rule.table) WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM \(rule.table)
                WHERE \(rule.ageColumn) < statement_timestamp() - $1 * interval '1 day'
                ORDER BY \(rule.ageColumn) LIMIT $2
                FOR UPDATE SKIP LOCKED
            ))
            """,
            .int(rule.days),
            .int(limit)
        )
        return try connection.platform(statement)[0].affected
    }
}
