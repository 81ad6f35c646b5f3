import Database
import Testing

@Suite(.ownThread)
struct OpeningTests {
    private func failure(_ url: String) throws -> DatabaseError {
        let connection = Connection(url, connectTimeout: .seconds(60))
        return try #require(throws: DatabaseError.self) { try connection.open() }
    }

    @Test func aClosedPortIsNamedWithWhatToDo() throws {
        let silent = try SilentPort()
        let port = silent.number
        let error = try failure("postgresql://someone:hunter2@127.0.0.1:\(port)/shop")
        withExtendedLifetime(silent) {}
        #expect(error.code == .unreachable)
        #expect(
            error.message == "cannot reach PostgreSQL at 127.0.0.1:\(port): Connection refused."
                + " Is it running? Set DATABASE_URL."
        )
    }

    @Test(arguments: [
        "postgresql://someone:hunter2@no-such-host.invalid/shop", "postgresql://a:hunter2@:x:y",
        "host=/nowhere password=hunter2",
    ])
    func noFailureShowsThePassword(_ url: String) throws {
        let error = try failure(url)
        #expect(error.code == .unreachable)
        #expect(!error.description.contains("hunter2"))
    }

    @Test(arguments: [
        "nonsense", "hunter2", "http://a:hunter2@localhost/shop",
        "postgresql://a:hunter2@[::1/shop", "port 5432 password=hunter2",
    ])
    func whatIsNoURLIsNamedAsSuch(_ url: String) throws {
        let error = try failure(url)
        #expect(error.code == .configuration)
        #expect(error.message.contains("DATABASE_URL looks like postgresql://"))
        #expect(!error.description.contains("hunter2"))
    }

    @Test(.enabled(if: PostgresFixture.isOwn)) func aWrongPasswordIsNotAnUnreachableServer() throws
    {
        let fixture = try PostgresFixture.shared.get()
        let admin = Connection(fixture.url(database: "postgres"))
        try admin.query("CREATE ROLE locked LOGIN PASSWORD 'right'")
        let url = fixture.url(database: "postgres", user: "locked")
        #expect(throws: Never.self) { try Connection(url + "&password=right").open() }
        let error = try failure(url + "&password=hunter2")
        #expect(error.code == .authentication)
        #expect(error.sqlState == "28P01")
        #expect(!error.description.contains("hunter2"))
    }

    @Test func aMissingDatabaseIsNamed() throws {
        let database = try TestDatabase()
        let url = String(database.directURL.replacing(database.name, with: "no_such_database"))
        let error = try failure(url)
        #expect(error.sqlState == "3D000")
        #expect(error.message.contains("no_such_database"))
    }
}
