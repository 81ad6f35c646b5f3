import Database
import FunctionContract
import Glibc
import Testing

@Suite("The inbox is migrated while webhooks come in", .ownThread)
struct InboxMigrationTests {
    private let url: String
    private let connection: Connection
    private let folder = TemporaryFolder()
    private let workspace = UUID.v7()
    private let channel = UUID.v7()

    private static let last = "0019_keys.sql"
    private static let next = "0020_inbox_turns.sql"

    /// A database as it was before, with a webhook in its inbox.
    init() throws {
        url = try TestDatabase().directURL
        connection = Connection(url)
        let names = try FinishedProcess(running: "/bin/ls", [PlatformDatabase.migrations])
            .outputText.split(separator: "\n").map(String.init).sorted()
        for name in names where name <= Self.last {
            folder.write(try Guide("infra/postgres/migrations/" + name).text, to: name)
        }
        try Migrations(folder: folder.path).apply(on: connection)
        try connection.run(
            script: """
                INSERT INTO relais.workspace (id, name) VALUES ('\(workspace)', 'w');
                INSERT INTO relais.channel (id, workspace, name, provider, base_url, external_id,
                    access, webhook, interval_us, burst, daily_cap, timezone)
                VALUES ('\(channel)', '\(workspace)', 'c', 'waha', 'x', 'x', '', '', 1, 1, 1, 'UTC');
                """
        )
        try keep("first", on: connection)
        let migration = try Guide("infra/postgres/migrations/" + Self.next).text
        folder.write(migration, to: Self.next)
    }

    private func keep(_ key: String, on connection: Connection) throws {
        try connection.pipeline([
            Statement("SELECT set_config('relais.scope', 'platform', true)"),
            Statement(
                "SELECT relais.keep_webhooks($1, $2, $3, $4, $5, $6)",
                .uuids([.v7()]),
                .uuids([workspace]),
                .uuids([channel]),
                .texts(["waha"]),
                .texts([key]),
                .byteStrings([Array("{}".utf8)])
            ),
        ])
    }

    /// An index is built concurrently when its build waits for an open transaction, and nobody
    /// waits for the build. Every index of the migration is met once.
    @Test("Each index is built while others store webhooks")
    func buildsWhileOthersWrite() throws {
        let migrations = try Migrations(folder: folder.path)
        var holder = try hold()
        let thread = BackgroundThread { [url] in
            do { try migrations.apply(on: Connection(url)) } catch { Issue.record(error) }
        }
        let writer = Connection(url)
        var built: Set<String> = []
        let expected: Set = [
            "webhook_inbox_of_workspace", "webhook_inbox_once", "webhook_inbox_line",
        ]
        let limit = ContinuousClock.now + .seconds(180)
        while built != expected {
            try #require(ContinuousClock.now < limit, "only \(built) is built by itself")
            guard let index = try building() else {
                usleep(2_000)
                continue
            }
            if built.insert(index).inserted { try keep(index, on: writer) }
            // The next step of a build must meet a transaction that was open before it.
            let next = try hold()
            holder.close()
            holder = next
        }
        holder.close()
        thread.join()
        try keep("first", on: writer)
        try keep("last", on: writer)
        #expect(try text("count(*)::text FROM relais.webhook_inbox") == "5")
        #expect(
            try text(
                """
                string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text)
                FROM pg_index
                WHERE indrelid = 'relais.webhook_inbox'::regclass AND indisvalid
                """
            )
                == "relais.webhook_inbox_age relais.webhook_inbox_delayed relais.webhook_inbox_line"
                + " relais.webhook_inbox_once relais.webhook_inbox_pkey"
        )
    }

    /// A transaction that has written into the inbox and stays open.
    private func hold() throws -> Connection {
        let holder = Connection(url)
        try holder.run(
            script: """
                BEGIN; DELETE FROM relais.webhook_inbox WHERE dedupe_key = 'none';
                """
        )
        return holder
    }

    /// The index whose build waits for a transaction.
    private func building() throws -> String? {
        try text(
            """
            (SELECT substring(query FROM 'webhook_inbox_[a-z_]+') FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
                AND query LIKE 'CREATE%INDEX CONCURRENTLY%')
            """
        )
    }

    private func text(_ selection: String) throws -> String? {
        try connection.query(Statement("SELECT (SELECT \(selection)) AS text"))[0].get("text")
    }
}
