import Database

/// A database with all tables, in which every connection acts as a function.
final class MessagingDatabase: Sendable {
    static let shared = Result { try MessagingDatabase() }

    let url: String
    private let database: PlatformDatabase

    init() throws {
        database = try PlatformDatabase()
        url = database.url
    }

    func connect() -> Connection { database.connect() }

    /// A connection that acts as the owner of the tables.
    func connectAsOwner() throws -> Connection { Connection(database.ownerURL) }
}
