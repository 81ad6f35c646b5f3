import Database

/// A database in which every connection acts as a function: row-level security holds for it, though
/// the login is a superuser's.
final class WorkDatabase: Sendable {
    let url: String
    private let directURL: String

    /// In the server of this process.
    convenience init() throws {
        let database = try TestDatabase(copyOf: PlatformDatabase.template.get())
        try self.init(url: database.url, directURL: database.directURL, hasTables: true)
    }

    /// `directURL` is that of a pooled `url` without the pooler.
    convenience init(url: String, directURL: String? = nil) throws {
        try self.init(url: url, directURL: directURL ?? url, hasTables: false)
    }

    private init(url: String, directURL: String, hasTables: Bool) throws {
        self.url = url
        self.directURL = directURL
        if !hasTables {
            try Migrations(folder: PlatformDatabase.migrations).apply(on: Connection(directURL))
        }
        try FunctionLogin.prepare(directURL)
    }

    func connect() -> Connection { Connection(url) }

    /// A connection that acts as the owner of the tables.
    func connectAsOwner() throws -> Connection { Connection(FunctionLogin.ownerURL(directURL)) }
}
