@testable import Database

/// A database with the tables of Work, in which every connection acts as a function: row-level
/// security holds for it, though the login is a superuser's.
final class WorkDatabase: Sendable {
    let url: String
    private let directURL: String

    /// In the server of this process.
    convenience init() throws {
        let database = try TestDatabase()
        try self.init(url: database.url, directURL: database.directURL)
    }

    /// `directURL` is that of a pooled `url` without the pooler.
    init(url: String, directURL: String? = nil) throws {
        self.url = url
        self.directURL = directURL ?? url
        try prepare()
    }

    func connect() -> Connection { Connection(url) }

    /// A connection that acts as the owner of the tables.
    func connectAsOwner() throws -> Connection { Connection(FunctionLogin.ownerURL(directURL)) }

    private func prepare() throws {
        let owner = try connectAsOwner()
        for migration in try MigrationFolder.migrations(in: PlatformDatabase.migrations).prefix(2) {
            try owner.transaction { (transaction) throws(DatabaseError) in
                try transaction.run(script: migration.sql)
            }
        }
        try FunctionLogin.prepare(directURL)
    }
}
