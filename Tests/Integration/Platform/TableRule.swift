import Testing

/// Who may read and write the rows of one table.
struct TableRule: Sendable, CustomTestStringConvertible {
    let table: String
    /// What a sample row holds. `:w` is its workspace, and stands for the id of everything in that
    /// workspace as well; `:m` is the member who made it.
    let row: String
    /// Finds the sample row.
    var place = "workspace = :w"
    let reads: Access
    let adds: Access
    let changes: Access
    let removes: Access

    var testDescription: String { table }

    init(
        _ table: String,
        _ row: String,
        at place: String = "workspace = :w",
        reads: Access,
        writes: Access,
        adds: Access? = nil
    ) {
        self.table = table
        self.row = row
        self.place = place
        self.reads = reads
        self.adds = adds ?? writes
        changes = writes
        removes = writes
    }

    /// Roles of the row's workspace, and the platform.
    struct Access: OptionSet, Sendable {
        let rawValue: Int

        static let superAdmin = Access(rawValue: 1)
        static let manager = Access(rawValue: 2)
        /// An admin, to a row of their own.
        static let maker = Access(rawValue: 4)
        /// An admin, to a row of somebody else.
        static let otherAdmin = Access(rawValue: 8)
        static let `operator` = Access(rawValue: 16)
        static let reader = Access(rawValue: 32)
        static let service = Access(rawValue: 64)
        static let platform = Access(rawValue: 128)
        /// Who may, may in another workspace as well: the row belongs to none.
        static let everywhere = Access(rawValue: 256)
        /// Any role, for a row that its own request made.
        static let caller = Access(rawValue: 512)

        static let nobody: Access = []
        static let admins: Access = [.maker, .otherAdmin]
        static let configurers: Access = [.superAdmin, .service]
        /// All who see the whole workspace.
        static let viewers: Access = [.superAdmin, .manager, .operator, .reader, .service]
        static let everybody: Access = [.viewers, .admins]
        static let writers: Access = [.superAdmin, .manager, .service]
    }
}

extension TableRule {
    /// Every table has its line here.
    static let all =
        [
            TableRule(
                "workspace",
                "(id, name) VALUES (:w, 'x')",
                at: "id = :w",
                reads: [.everybody, .platform],
                writes: .platform
            ),
            TableRule(
                "channel",
                """
                (id, workspace, name, provider, base_url, external_id, access, webhook, interval_us,
                    burst, daily_cap, timezone)
                VALUES (:w, :w, 'x', 'waha', 'x', 'x', '', '', 1, 1, 1, 'UTC')
                """,
                reads: [.everybody, .platform],
                writes: .configurers
            ),
            TableRule(
                "channel_state",
                "(channel, workspace) VALUES (:w, :w)",
                reads: .everybody,
                writes: .configurers
            ),
            TableRule(
                "quota_period",
                "(workspace, starts_on, used, granted) VALUES (:w, '2000-01-01', 0, 0)",
                reads: [.everybody, .platform],
                writes: [.service, .platform]
            ),
            TableRule(
                "quota_history",
                "(workspace, starts_on, used) VALUES (:w, '2000-01-01', 0)",
                reads: [.everybody, .platform],
                writes: .platform
            ),
            TableRule(
                "rate_bucket",
                "(workspace, key, interval_us, burst) VALUES (:w, 'x', 1, 1)",
                reads: [.everybody, .platform],
                writes: [.service, .platform]
            ),
            TableRule(
                "counter",
                """
                (workspace, key, day, timezone, used, cap, granted)
                VALUES (:w, 'x', '2000-01-01', 'UTC', 0, 0, 0)
                """,
                reads: [.everybody, .platform],
                writes: [.service, .platform]
            ),
            TableRule(
                "counter_history",
                "(workspace, key, day, used, cap) VALUES (:w, 'x', '2000-01-01', 0, 0)",
                reads: [.everybody, .platform],
                writes: .platform
            ),
            TableRule(
                "task",
                """
                (id, workspace, queue, run_at, kind, payload, max_attempts)
                VALUES (:w, :w, 'x', now(), 'x', '{}', 1)
                """,
                reads: [.viewers, .platform],
                writes: [.configurers, .platform],
                adds: [.writers, .admins, .platform]
            ),
            TableRule(
                "task_dead",
                """
                (id, workspace, queue, priority, kind, payload, attempts, max_attempts, lease_token,
                    reason, created_at)
                VALUES (:w, :w, 'x', 0, 'x', '{}', 1, 1, 1, 'refused', now())
                """,
                reads: [.viewers, .platform],
                writes: [.configurers, .platform]
            ),
            TableRule(
                "idempotency",
                """
                (workspace, caller, key, digest, lease_until, expires_at)
                VALUES (:w, :m::text, 'x', sha256(''), now(), now())
                """,
                reads: [.caller, .platform],
                writes: [.caller, .platform]
            ),
            TableRule(
                "task_tally",
                "(queue, hour, done, retried, dead) VALUES (:w, now(), 0, 0, 0)",
                at: "queue = :w::text",
                reads: .platform,
                writes: .platform,
                adds: [.configurers, .platform, .everywhere]
            ),
            TableRule(
                "task_total",
                "(queue, hour, done, retried, dead) VALUES (:w, now(), 0, 0, 0)",
                at: "queue = :w::text",
                reads: .platform,
                writes: .platform
            ),
            TableRule(
                "schedule",
                "(name, followed_until) VALUES (:w, now())",
                at: "name = :w::text",
                reads: .platform,
                writes: .platform
            ),
            TableRule(
                "schedule_instant",
                """
                (name, instant, state, runner, lease_until) VALUES (:w, now(), 'done', 'x', now())
                """,
                at: "name = :w::text",
                reads: .platform,
                writes: .platform
            ),
        ] + product

    /// What people make, and what becomes of it: an admin's own, and the whole for the others.
    private static let product = [
        shared("contact", "(workspace, id, created_by) VALUES (:w, :w, :m)"),
        shared(
            "contact_identity",
            "(workspace, kind, value, contact) VALUES (:w, 'wa_id', 'x', :w)"
        ),
        shared("conversation", "(workspace, contact, channel) VALUES (:w, :w, :w)"),
        shared("category", "(id, workspace, name, created_by) VALUES (:w, :w, 'x', :m)"),
        shared("category_member", "(workspace, category, contact) VALUES (:w, :w, :w)"),
        TableRule(
            "template",
            """
            (id, workspace, account_id, name, language, category, body, created_by)
            VALUES (:w, :w, 'x', 'x', 'fr', 'MARKETING', 'x', :m)
            """,
            reads: .everybody,
            writes: [.writers, .maker]
        ),
        shared(
            "campaign",
            """
            (id, workspace, channel, name, message_1, created_by, audience_creator)
            VALUES (:w, :w, :w, 'x', 'x', :m, :m)
            """
        ),
        shared("campaign_category", "(workspace, campaign, category) VALUES (:w, :w, :w)"),
        shared(
            "campaign_exclusion",
            "(workspace, campaign, contact, reason) VALUES (:w, :w, :w, 'blocked')"
        ),
        shared("link", "(workspace, campaign, position, url) VALUES (:w, :w, 0, 'x')"),
        shared(
            "message",
            """
            (id, workspace, channel, campaign, contact, step, recipient_kind, recipient, body,
                created_by)
            VALUES (:w, :w, :w, :w, :w, 1, 'phone', 'x', 'x', :m)
            """
        ),
        shared(
            "outbox",
            "(message, workspace, lane, priority, due_at) VALUES (:w, :w, :w, 2, 'infinity')"
        ),
        shared(
            "interaction",
            """
            (id, workspace, channel, contact, kind, created_by)
            VALUES (:w, :w, :w, :w, 'reply', :m)
            """
        ),
        TableRule(
            "link_click",
            """
            (id, workspace, campaign, position, message, contact) VALUES (:w, :w, :w, 0, :w, :w)
            """,
            reads: [.viewers, .maker, .platform],
            writes: [.writers, .maker, .platform]
        ),
        TableRule(
            "inbox_turn",
            "(workspace, line, served_at) VALUES (:w, :w, now())",
            reads: [.viewers, .platform],
            writes: .platform
        ),
        found(
            "message_reference",
            """
            (workspace, channel, provider_id, message, attempt) VALUES (:w, :w, 'x', :w, 1)
            """
        ),
        found(
            "orphan_status",
            """
            (workspace, channel, provider_id, status, occurred_at) VALUES (:w, :w, 'x', 'sent', now())
            """,
            and: .platform
        ),
        found(
            "message_amendment",
            """
            (workspace, channel, provider_id, kind, occurred_at)
            VALUES (:w, :w, 'x', 'edited', now())
            """
        ),
        found("number_check", "(workspace, contact, next_at) VALUES (:w, :w, now())"),
        TableRule(
            "message_move",
            """
            (workspace, channel, campaign, step, day, messages)
            VALUES (:w, :w, :w, 1, '2000-01-01', 1)
            """,
            reads: [.viewers, .maker],
            writes: .service
        ),
        TableRule(
            "campaign_count",
            "(workspace, campaign, step, status, messages) VALUES (:w, :w, 1, 'sent', 1)",
            reads: [.viewers, .maker],
            writes: .service
        ),
        TableRule(
            "campaign_answer",
            "(workspace, campaign, contacts) VALUES (:w, :w, 1)",
            reads: [.viewers, .maker],
            writes: .service
        ),
        TableRule(
            "campaign_failure",
            "(workspace, campaign, messages) VALUES (:w, :w, 1)",
            reads: [.viewers, .maker],
            writes: .service
        ),
        found(
            "channel_day",
            "(workspace, channel, day, messages) VALUES (:w, :w, '2000-01-01', 1)",
            and: .platform
        ),
        TableRule(
            "webhook_inbox",
            """
            (id, workspace, channel, provider, dedupe_key, body) VALUES (:w, :w, :w, 'x', 'x', '')
            """,
            reads: [.viewers, .platform],
            writes: [.configurers, .platform]
        ),
    ]

    private static func shared(_ table: String, _ row: String) -> TableRule {
        TableRule(table, row, reads: [.viewers, .maker], writes: [.writers, .maker])
    }

    /// What the machinery finds out.
    private static func found(
        _ table: String,
        _ row: String,
        and also: Access = .nobody
    ) -> TableRule {
        TableRule(table, row, reads: [.viewers, also], writes: [.service, also])
    }
}
