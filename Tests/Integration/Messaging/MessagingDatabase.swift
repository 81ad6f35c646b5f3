import Database

/// A database with all tables, in which every connection acts as a function.
final class MessagingDatabase: Sendable {
    static let shared = Result { try MessagingDatabase() }

    let url: String
    private let database: PlatformDatabase

    convenience init() throws {
        self.init(try PlatformDatabase())
    }

    /// Makes the tables in a database that has none.
    convenience init(emptyAt url: String) throws {
        self.init(try PlatformDatabase(ownerURL: url))
    }

    init(_ database: PlatformDatabase) {
        self.database = database
        url = database.url
    }

    func connect() -> Connection { database.connect() }

    func waitUntil(_ purpose: String, _ condition: () throws -> Bool) throws {
        try database.waitUntil(purpose, condition)
    }

    /// A connection that acts as the owner of the tables.
    func connectAsOwner() throws -> Connection { Connection(database.ownerURL) }
}
