import Database
import Glibc

/// A database with every table of Relais. Functions log in with `url`, and row-level security holds
/// for them; the owner of the tables logs in with `ownerURL`.
final class PlatformDatabase: Sendable {
    let url: String
    let ownerURL: String

    static let migrations = BuiltProduct.packageRoot + "/infra/postgres/migrations"

    /// In the server of this process.
    convenience init() throws {
        let database = try TestDatabase(copyOf: Self.template.get())
        try self.init(url: database.url, directURL: database.directURL)
    }

    /// Makes the tables in a database that has none.
    convenience init(ownerURL: String) throws {
        try self.init(url: ownerURL, emptyAt: ownerURL)
    }

    /// Makes the tables in a database that has none. Functions reach it at `url`, which may lead
    /// through a pooler.
    convenience init(url: String, emptyAt directURL: String) throws {
        try Migrations(folder: Self.migrations).apply(on: Connection(directURL))
        try self.init(url: url, directURL: directURL)
    }

    private init(url: String, directURL: String) throws {
        self.url = url
        ownerURL = FunctionLogin.ownerURL(directURL)
        try FunctionLogin.prepare(directURL)
    }

    /// Migrated once: a copy costs a fraction of it.
    static let template = Result {
        let database = try TestDatabase()
        try Migrations(folder: migrations).apply(on: Connection(database.directURL))
        return database
    }

    /// A connection that acts as a function.
    func connect() -> Connection { Connection(url) }

    /// As the owner of the tables, for whom row-level security does not hold.
    @discardableResult
    func query(_ sql: String, _ parameters: Parameter...) throws(DatabaseError) -> Rows {
        try Connection(ownerURL).query(Statement(sql, parameters))
    }

    /// The one number that `sql` gives.
    func count(_ sql: String, _ parameters: Parameter...) throws(DatabaseError) -> Int {
        let statement = Statement("SELECT (\(sql))::bigint AS count", parameters)
        return try Connection(ownerURL).query(statement)[0].get("count")
    }

    /// The one text that `sql` gives; nil when it gives none or NULL.
    func text(_ sql: String, _ parameters: Parameter...) throws(DatabaseError) -> String? {
        let statement = Statement("SELECT (\(sql))::text AS text", parameters)
        return try Connection(ownerURL).query(statement)[0].get("text")
    }

    /// Waits until `condition` holds, looking often enough and not more.
    func waitUntil(
        _ purpose: String,
        within limit: Duration = .seconds(180),
        _ condition: () throws -> Bool
    ) throws {
        let deadline = ContinuousClock.now + limit
        while try !condition() {
            guard ContinuousClock.now < deadline else {
                throw ChildProcess.TimedOut(description: "no \(purpose) within \(limit)")
            }
            usleep(5_000)
        }
    }
}
