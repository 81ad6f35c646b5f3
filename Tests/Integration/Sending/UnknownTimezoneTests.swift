import Accounts
import Database
import FunctionContract
import Messages
import Sending
import Testing

/// A time zone that the server does not know any more.
@Suite(.ownThread)
struct UnknownTimezoneTests {
    private let database: MessagingDatabase
    private let owner: Connection

    init() throws {
        database = try MessagingDatabase()
        owner = try database.connectAsOwner()
    }

    @Test("is refused when it is written")
    func refused() throws {
        let tenant = try Tenant(in: database)
        for table in ["workspace", "channel"] {
            let error = #expect(throws: DatabaseError.self) {
                try owner.query("UPDATE relais.\(table) SET timezone = 'Mars/Phobos'")
            }
            #expect(error?.code == .checkViolation, "\(table)")
        }
        #expect(try tenant.count("SELECT FROM relais.channel WHERE timezone = 'Mars/Phobos'") == 0)
    }

    @Test("stops no sending, its own workspace's neither, and is told to its operator")
    func stopsNobody() throws {
        let provider = try SimulatedProvider()
        let tenants = try (0..<2).map { _ in
            let tenant = try Tenant(in: database, baseURL: provider.baseURL)
            try tenant.addContacts(3)
            try tenant.write(on: [tenant.channel.id])
            return tenant
        }
        let lost = tenants[0]
        for table in ["workspace", "channel"] {
            try owner.query("ALTER TABLE relais.\(table) DROP CONSTRAINT \(table)_timezone_check")
        }
        try owner.query(
            "UPDATE relais.channel SET timezone = 'Mars/Phobos' WHERE workspace = $1",
            .uuid(lost.workspace)
        )
        try owner.query(
            "UPDATE relais.workspace SET timezone = 'Mars/Phobos' WHERE id = $1",
            .uuid(lost.workspace)
        )
        let summary = try RunningSender(on: database, for: .seconds(100)).summary()
        #expect(summary.accepted == 6 && summary.problems.isEmpty)
        let channels = Channels(lost.connection, lost.secrets, as: lost.identity)
        let channel = try #require(try channels.all().first)
        #expect(channel.timezone == "Mars/Phobos")
        #expect(try !channels.standing(of: channel).knowsTimezone)
        let other = Channels(tenants[1].connection, tenants[1].secrets, as: tenants[1].identity)
        #expect(try other.standing(of: tenants[1].channel).knowsTimezone)
    }
}
