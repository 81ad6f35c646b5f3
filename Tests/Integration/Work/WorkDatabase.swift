import Database

/// A database with all tables, in which every connection acts as a function: row-level security
/// holds for it, though the login is a superuser's.
final class WorkDatabase: Sendable {
    let url: String
    private let ownerURL: String

    /// In the server of this process.
    convenience init() throws {
        self.init(try PlatformDatabase())
    }

    /// Makes the tables in a database that has none. `directURL` is that of a pooled `url` without
    /// the pooler.
    convenience init(url: String, directURL: String? = nil) throws {
        self.init(try PlatformDatabase(url: url, emptyAt: directURL ?? url))
    }

    private init(_ database: PlatformDatabase) {
        url = database.url
        ownerURL = database.ownerURL
    }

    func connect() -> Connection { Connection(url) }

    /// A connection that acts as the owner of the tables.
    func connectAsOwner() throws -> Connection { Connection(ownerURL) }
}
