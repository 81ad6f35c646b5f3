@testable import Database

/// A database with all tables, in which every connection acts as a function: row-level security
/// holds for it, though the login is a superuser's.
final class MessagingDatabase: Sendable {
    static let shared = Result { try MessagingDatabase() }

    let url: String

    convenience init() throws {
        try self.init(emptyAt: TestDatabase().url)
    }

    /// Makes the tables in a database that has none.
    init(emptyAt url: String) throws {
        self.url = url
        try prepare()
    }

    func connect() -> Connection { Connection(url) }

    /// A connection that acts as the owner of the tables.
    func connectAsOwner() throws -> Connection {
        let connection = Connection(url)
        try connection.query("SET ROLE none")
        return connection
    }

    private func prepare() throws {
        let owner = Connection(url)
        for migration in try MigrationFolder.migrations(in: Self.migrations) {
            try owner.transaction { (transaction) throws(DatabaseError) in
                try transaction.run(script: migration.sql)
            }
        }
        try owner.run(
            script: """
                DO $$ BEGIN EXECUTE format(
                    'ALTER ROLE %I IN DATABASE %I SET role = relais_function',
                    current_user, current_database()); END $$
                """
        )
    }

    /// `infra/postgres/migrations`, found from this file.
    private static let migrations =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/") + "/infra/postgres/migrations"
}
