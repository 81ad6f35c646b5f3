import FunctionContract
import Testing

@testable import Database

/// What older versions let into the tables, when newer keys forbid it.
@Suite("Migrations of rows that older versions left", .ownThread)
struct OldRowsTests {
    private let connection: Connection
    private let folder = TemporaryFolder()
    private let workspace = UUID.v7()

    init() throws {
        connection = Connection(try TestDatabase().directURL)
        try migrate(upTo: 18)
    }

    private func migrate(upTo last: Int) throws {
        for file in try MigrationFolder.migrations(in: PlatformDatabase.migrations)
        where file.number <= last {
            folder.write(file.sql, to: file.fileName)
        }
        try Migrations(folder: folder.path).apply(on: connection)
    }

    /// A message of the workspace that names a template, though nothing it names may be there.
    private func addMessage(channel: UUID, template: UUID?) throws {
        let fields = "'\(UUID.v7())', '\(workspace)', '\(channel)', '\(UUID.v7())'"
        let template = template.map { "'\($0)'" } ?? "NULL"
        try connection.run(
            script: """
                SET session_replication_role = replica;
                INSERT INTO relais.message (id, workspace, channel, contact, step, recipient_kind,
                    recipient, body, template)
                VALUES (\(fields), 0, 'phone', 'x', 'x', \(template));
                RESET session_replication_role
                """
        )
    }

    private func addChannel() throws -> UUID {
        let id = UUID.v7()
        try connection.run(
            script: """
                INSERT INTO relais.channel (id, workspace, name, provider, base_url, external_id,
                    access, webhook, interval_us, burst, daily_cap, timezone)
                VALUES ('\(id)', '\(workspace)', 'c', 'waha', 'https://x', '1', '', '', 1000, 1,
                    1000, 'UTC')
                """
        )
        return id
    }

    @Test("A template that was deleted, and that messages name, is there again and disabled")
    func templates() throws {
        let (channel, template) = (try addChannel(), UUID.v7())
        for named in [template, template, nil] { try addMessage(channel: channel, template: named) }
        try migrate(upTo: .max)
        let rows = try connection.query("SELECT id, workspace, status FROM relais.template")
        #expect(rows.count == 1)
        #expect(try rows[0].get("id", as: UUID.self) == template)
        #expect(try rows[0].get("workspace", as: UUID.self) == workspace)
        #expect(try rows[0].get("status", as: String.self) == "disabled")
        let counted = try connection.query(
            "SELECT count(*) AS count FROM relais.message WHERE template IS NOT NULL"
        )
        #expect(try counted[0].get("count", as: Int.self) == 2)
    }

    @Test("A message that names another workspace's rows is named, and can be put right")
    func strangers() throws {
        try addMessage(channel: .v7(), template: nil)
        let error = #expect(throws: DatabaseError.self) { try migrate(upTo: .max) }
        #expect(error?.message.contains("1 messages name a channel or a template") == true)
        #expect(error?.message.contains("0019_keys.sql") == true)
        try connection.query("DELETE FROM relais.message")
        try migrate(upTo: .max)
    }
}
