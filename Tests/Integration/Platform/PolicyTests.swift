import Database
import Testing

/// What makes one workspace out of another's reach by any statement, whoever writes it.
@Suite("Row-level security of every table", .ownThread)
struct PolicyTests {
    private let owner: Connection

    init() throws {
        owner = Connection(try PlatformDatabase().ownerURL)
    }

    @Test("Every table has policies that functions cannot bypass")
    func tables() throws {
        let open = try names(
            """
            SELECT relname AS name FROM pg_class
            WHERE relnamespace = 'relais'::regnamespace AND (
                relkind IN ('r', 'p') AND (
                    NOT relrowsecurity OR relowner = 'relais_function'::regrole
                    OR NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
                ) OR relkind IN ('v', 'm', 'f')
            )
            """
        )
        #expect(open == [])
    }

    @Test("Every policy checks the workspace or the platform scope first")
    func policies() throws {
        let loose = try names(
            """
            SELECT tablename || ' ' || policyname AS name FROM pg_policies,
                unnest(ARRAY[qual, with_check]) AS condition
            WHERE schemaname = 'relais' AND condition !~ $1 AND condition <> $2
            ORDER BY name
            """,
            .text(Self.ofWorkspace),
            .text("( SELECT relais.is_platform() AS is_platform)")
        )
        // What is added up there belongs to nobody.
        #expect(loose == ["task_tally add"])
    }

    /// The workspace, alone or with something more.
    private static let ofWorkspace =
        #"^\(\(?(workspace|id) = \( SELECT relais\.current_workspace\(\) AS current_workspace\)\)"#
        + #"($| AND )"#

    @Test("SECURITY DEFINER functions are listed here and use full table names only")
    func privileged() throws {
        let functions = try names(
            """
            SELECT proname || CASE WHEN proconfig = '{search_path=pg_catalog}' THEN '' ELSE ' open' END
                AS name
            FROM pg_proc WHERE pronamespace = 'relais'::regnamespace AND prosecdef ORDER BY name
            """
        )
        #expect(
            functions == [
                "awaits_names", "campaigns_to_complete", "campaigns_to_start", "channel_prospects",
                "channel_standings", "channels_to_ask", "channels_to_verify",
                "fold_message_moves", "forget_workspace", "inbox_lines", "keep_webhooks",
                "link_target",
                "messages_to_send", "messages_waiting", "note_first_answers", "note_messages",
                "note_moved_messages", "open_link", "phones_taken", "queue_backlogs",
                "queues_to_call", "release_template", "take_turns", "workspaces_to_settle",
            ]
        )
    }

    private func names(_ sql: String, _ parameters: Parameter...) throws -> [String] {
        try owner.query(Statement(sql, parameters)).map { try $0.get("name") }
    }
}
