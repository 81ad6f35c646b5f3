@testable import Database

/// A database with the tables of Work, in which every connection acts as a function: row-level
/// security holds for it, though the login is a superuser's.
final class WorkDatabase: Sendable {
    let url: String
    let name: String
    private let held: TestDatabase?

    /// In the server of this process.
    convenience init() throws {
        let database = try TestDatabase()
        try self.init(url: database.url, name: database.name, held: database)
    }

    init(url: String, name: String, held: TestDatabase? = nil) throws {
        self.url = url
        self.name = name
        self.held = held
        try prepare()
    }

    /// One whose tables are there already, under another address.
    init(prepared url: String, name: String) {
        self.url = url
        self.name = name
        held = nil
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
        for migration in try MigrationFolder.migrations(in: Self.migrations).prefix(2) {
            try owner.transaction { (transaction) throws(DatabaseError) in
                try transaction.run(script: migration.sql)
            }
        }
        try owner.run(
            script: """
                DO $$ BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I SET role = relais_function',
                    current_user, current_database()); END $$
                """
        )
    }

    /// `infra/postgres/migrations`, found from this file.
    private static let migrations =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/") + "/infra/postgres/migrations"
}
