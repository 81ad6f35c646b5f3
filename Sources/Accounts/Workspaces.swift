package import Database
private import Work

/// The tenants.
package struct Workspaces {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    package func add(_ id: UUID, name: String, timezone: String) throws(AccountError) {
        _ = try AccountError.wrap { () throws(DatabaseError) in
            try connection.pipeline([
                PlatformScope.statement,
                Statement(
                    "INSERT INTO relais.workspace (id, name, timezone) VALUES ($1, $2, $3)",
                    .uuid(id),
                    .text(name),
                    .text(timezone)
                ),
            ])
        }
    }
}
