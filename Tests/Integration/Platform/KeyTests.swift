import Database
import Testing

/// What keeps a row of one workspace from naming another's.
@Suite("Keys contain the workspace", .ownThread)
struct KeyTests {
    private let database: PlatformDatabase

    init() throws {
        database = try PlatformDatabase()
    }

    @Test("Every reference is a foreign key with the workspace, with known exceptions")
    func foreignKeys() throws {
        let loose = try names(
            """
            SELECT relation.relname || '.' || attname AS name
            FROM pg_class AS relation
            JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND atttypid = 'uuid'::regtype
            WHERE relation.relnamespace = 'relais'::regnamespace AND relkind IN ('r', 'p')
                AND attname NOT IN ('id', 'workspace', 'created_by', 'audience_creator')
                AND NOT EXISTS (
                    SELECT FROM pg_constraint
                    WHERE conrelid = relation.oid AND contype = 'f' AND attnum = ANY (conkey)
                        AND (SELECT own.attnum FROM pg_attribute AS own
                            WHERE own.attrelid = relation.oid AND own.attname = 'workspace')
                            = ANY (conkey)
                )
            ORDER BY name
            """
        )
        // The nil channel stands for all; a status may come for a channel that is gone; a lane is a
        // campaign or a channel; a line is a channel or the workspace. Counts are written by
        // triggers, from the message itself; a name has the channel of its message. All are looked
        // up with the workspace.
        #expect(
            loose == [
                "channel_day.channel", "contact_identity.channel", "inbox_turn.line",
                "message_move.campaign", "message_move.channel", "message_reference.channel",
                "orphan_status.channel", "outbox.lane",
            ]
        )
    }

    @Test("Every foreign key contains the workspace and is validated")
    func composite() throws {
        let loose = try names(
            """
            SELECT conname::text AS name FROM pg_constraint
            WHERE connamespace = 'relais'::regnamespace AND contype = 'f'
                AND (cardinality(conkey) = 1 OR NOT convalidated)
            ORDER BY name
            """
        )
        #expect(loose == [])
    }

    @Test("No index is invalid or duplicated")
    func indexes() throws {
        let broken = try names(
            """
            SELECT indexrelid::regclass::text AS name FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = 'relais'::regnamespace AND NOT indisvalid
            UNION ALL
            SELECT min(indexrelid::regclass::text) FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = 'relais'::regnamespace
            GROUP BY indrelid, indkey::text, pg_get_expr(indpred, indrelid)
            HAVING count(*) > 1
            """
        )
        #expect(broken == [])
    }

    /// The tables are empty: what counts is whether the index can be used at all.
    @Test(
        "An index answers each query of the timers",
        arguments: [
            (
                "contact_unasked",
                """
                SELECT FROM relais.contact
                WHERE workspace = relais.current_workspace() AND whatsapp_verified IS NULL
                    AND phone IS NOT NULL AND status = 'active' ORDER BY id LIMIT 100
                """
            ),
            (
                "outbox_unsettled",
                """
                SELECT FROM relais.outbox WHERE workspace = relais.current_workspace()
                    AND lane = gen_random_uuid() AND state IN ('sending', 'unknown')
                """
            ),
            (
                "outbox_ready",
                """
                SELECT FROM relais.outbox WHERE workspace = relais.current_workspace()
                    AND lane = gen_random_uuid() AND priority = 1::smallint
                    AND lease_until IS NULL AND due_at <= now() ORDER BY due_at LIMIT 1
                """
            ),
            (
                "schedule_instant_unfinished",
                """
                SELECT FROM relais.schedule_instant WHERE name = 'x' AND state = 'running'
                    AND lease_until > now()
                """
            ),
            (
                "schedule_instant_unfinished",
                """
                UPDATE relais.schedule_instant SET error = 'x'
                WHERE state = 'running' AND lease_until <= now()
                """
            ),
            (
                "schedule_instant_age",
                """
                DELETE FROM relais.schedule_instant WHERE finished_at < now() - interval '30 days'
                """
            ),
        ]
    )
    func plans(_ index: String, _ sql: String) throws {
        let connection = Connection(database.ownerURL)
        let rows = try connection.transaction(
            TransactionOptions(),
            [Statement("SET LOCAL enable_seqscan = off"), Statement("EXPLAIN \(sql)")]
        )[1]
        let plan = try rows.map { try $0.get("QUERY PLAN", as: String.self) }
        #expect(plan.contains { $0.contains(" \(index) ") }, "\(plan)")
    }

    private func names(_ sql: String) throws -> [String] {
        try Connection(database.ownerURL).query(Statement(sql)).map { try $0.get("name") }
    }
}
