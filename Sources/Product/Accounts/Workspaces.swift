package import Database
package import FunctionContract
private import Work

/// A tenant.
package struct Workspace: Sendable, Equatable {
    package let id: UUID
    package let name: String
    package let timezone: String

    fileprivate init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        name = try row.get("name")
        timezone = try row.get("timezone")
    }
}

/// All tenants of the platform.
package struct Workspaces {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// All workspaces, the oldest first.
    package func all() throws(AccountError) -> [Workspace] {
        let rows = try platform(
            Statement("SELECT id, name, timezone FROM relais.workspace ORDER BY created_at, id")
        )
        return try AccountError.wrap { () throws(DatabaseError) in
            try rows.map(Workspace.init)
        }
    }

    package func add(_ id: UUID, name: String, timezone: String) throws(AccountError) {
        _ = try platform(
            Statement(
                "INSERT INTO relais.workspace (id, name, timezone) VALUES ($1, $2, $3)",
                .uuid(id),
                .text(name),
                .text(timezone)
            )
        )
    }

    /// Whether the database server knows a time zone of that name.
    package func isTimezone(_ name: String) throws(AccountError) -> Bool {
        let rows = try platform(Statement("SELECT relais.is_timezone($1) AS known", .text(name)))
        return try AccountError.wrap { () throws(DatabaseError) in try rows[0].get("known") }
    }

    private func platform(_ statement: Statement) throws(AccountError) -> Rows {
        try AccountError.wrap { () throws(DatabaseError) in
            try connection.platform(statement)[0]
        }
    }
}
