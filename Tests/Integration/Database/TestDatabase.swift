import Database
import FunctionContract
import Glibc
import Synchronization

/// A database of a suite's own, in the server of this process.
final class TestDatabase: Sendable {
    let name: String
    /// For the code under test: with `TEST_POOLER`, through a pooler.
    let url: String
    /// Straight to the server.
    let directURL: String

    convenience init() throws { try self.init(template: "template1") }

    /// With everything that is in `other`, to which nobody may be connected.
    convenience init(copyOf other: TestDatabase) throws { try self.init(template: other.name) }

    private init(template: String) throws {
        name = "test_" + UUID.v7().description.filter { $0 != "-" }
        directURL = try Self.url(database: name)
        url = try PostgresFixture.pooler?.get().url(database: name) ?? directURL
        try Self.create(name, template: template)
        // Our own server goes away as a whole.
        if !PostgresFixture.isOwn { Self.dropAtExit(name) }
    }

    /// Whoever has just left the template may not be quite gone.
    private static func create(_ name: String, template: String) throws {
        let admin = Connection(try url(database: "postgres"))
        let end = ContinuousClock.now + .seconds(120)
        while true {
            do throws(DatabaseError) {
                try admin.query("CREATE DATABASE \(name) TEMPLATE \(template)")
                return
            } catch {
                guard error.sqlState == "55006", ContinuousClock.now < end else { throw error }
            }
        }
    }

    func connect() throws -> Connection {
        let connection = Connection(url)
        try connection.open()
        return connection
    }

    private static let doomed = Mutex<[String]>([])

    private static func dropAtExit(_ name: String) {
        let isFirst = doomed.withLock { names in
            names.append(name)
            return names.count == 1
        }
        if isFirst { atexit { TestDatabase.dropDoomed() } }
    }

    private static func dropDoomed() {
        guard let url = try? url(database: "postgres") else { return }
        let admin = Connection(url)
        for name in doomed.withLock({ $0 }) {
            _ = try? admin.query("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        }
    }

    private static func url(database: String) throws -> String {
        guard let external = PostgresFixture.externalURL else {
            return try PostgresFixture.shared.get().url(database: database)
        }
        return replacing(database: database, in: external)
    }

    /// `postgresql://user@host/old?x=y` with another database.
    private static func replacing(database: String, in url: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let authority = parts[0].split(separator: "/", omittingEmptySubsequences: false).prefix(3)
        let query = parts.count > 1 ? "?" + parts[1] : ""
        return authority.joined(separator: "/") + "/" + database + query
    }
}
