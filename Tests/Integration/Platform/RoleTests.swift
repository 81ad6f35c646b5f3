import Database
import FunctionContract
import Testing
import Work

/// Every table with every role, against the list in `TableRule`.
@Suite("Rights of each role", .ownThread)
struct RoleTests {
    private static let database = Result { try PlatformDatabase() }

    private let database: PlatformDatabase
    private let connection: Connection
    private let me = UUID.v7()

    init() throws {
        database = try Self.database.get()
        connection = database.connect()
    }

    @Test("Every table has a rule")
    func complete() throws {
        let tables = try database.text(
            """
            SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
            WHERE relnamespace = 'relais'::regnamespace AND relkind IN ('r', 'p')
                AND NOT relispartition
            """
        )
        #expect(tables == TableRule.all.map(\.table).sorted().joined(separator: " "))
    }

    @Test("Each role has exactly its rights", arguments: TableRule.all)
    func everyRole(_ rule: TableRule) throws {
        for isOwn in [true, false] {
            let workspace = UUID.v7()
            try makeWorld(workspace, by: isOwn ? me : .v7())
            let sample = try sample(rule, workspace)
            for actor in Actor.all(workspace, me, isOwn: isOwn) {
                for operation in Operation.allCases {
                    let may = try may(actor, operation, rule, workspace, sample)
                    #expect(
                        may == actor.should(operation, rule),
                        "\(actor.name) \(operation) \(rule.table), own: \(isOwn)"
                    )
                }
            }
        }
    }

    @Test("An admin cannot widen a campaign's audience or approve a template")
    func widening() throws {
        let workspace = UUID.v7()
        try makeWorld(workspace, by: me)
        let admin = TransactionOptions(
            identity: Identity(workspace: workspace, user: me, role: .admin)
        )
        for change in [
            "UPDATE relais.campaign SET audience_creator = NULL",
            "UPDATE relais.template SET status = 'approved'",
            "UPDATE relais.contact SET created_by = NULL",
            "INSERT INTO relais.task (id, workspace, queue, run_at, kind, payload, max_attempts)"
                + " VALUES ('\(UUID.v7())', '\(workspace)', 'invoke:echo', now(), 'x', '{}', 1)",
        ] {
            let error = #expect(throws: DatabaseError.self, "\(change)") {
                try connection.transaction(admin, [Statement(change)])
            }
            #expect(error?.code == .permission, "\(change)")
        }
    }

    @Test("An admin cannot send another admin's message by putting it into a lane of their own")
    func foreignMessages() throws {
        let (workspace, lane) = (UUID.v7(), UUID.v7())
        try makeWorld(workspace, by: .v7())
        let owner = Connection(database.ownerURL)
        try owner.run(
            script: """
                SET session_replication_role = replica;
                INSERT INTO relais.campaign (id, workspace, channel, name, message_1, created_by,
                    audience_creator)
                VALUES ('\(lane)', '\(workspace)', '\(workspace)', 'mine', 'x', '\(me)', '\(me)');
                INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                    recipient_kind, recipient, body, created_by)
                VALUES ('\(lane)', '\(workspace)', '\(workspace)', '\(lane)', '\(workspace)', 1,
                    'phone', 'x', 'x', '\(me)');
                DELETE FROM relais.outbox WHERE workspace = '\(workspace)'
                """
        )
        let admin = TransactionOptions(identity: .member(me, .admin, of: workspace))
        let put = { (message: UUID) in
            Statement(
                "INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)"
                    + " VALUES ($1, $2, $3, 2, 'infinity')",
                .uuid(message),
                .uuid(workspace),
                .uuid(lane)
            )
        }
        let change = Statement("UPDATE relais.outbox SET message = $1", .uuid(workspace))
        try connection.transaction(admin, [put(lane)])
        for statement in [put(workspace), change] {
            let error = #expect(throws: DatabaseError.self) {
                try connection.transaction(admin, [statement])
            }
            #expect(error?.code == .permission)
        }
    }

    @Test("A workspace that is removed leaves no row behind, and takes nobody else's")
    func removal() throws {
        let (removed, kept) = (UUID.v7(), UUID.v7())
        for workspace in [removed, kept] { try makeWorld(workspace, by: me) }
        try connection.platform(
            Statement("DELETE FROM relais.workspace WHERE id = $1", .uuid(removed))
        )
        for rule in TableRule.all where rule.place == "workspace = :w" {
            let count = "SELECT count(*) FROM relais.\(rule.table) WHERE workspace = $1"
            #expect(try database.count(count, .uuid(removed)) == 0, "\(rule.table)")
            #expect(try database.count(count, .uuid(kept)) == 1, "\(rule.table)")
        }
    }

    /// A row in every table, all of one workspace and made by one member.
    private func makeWorld(_ workspace: UUID, by member: UUID) throws {
        let inserts = TableRule.all.map { rule in
            Self.filled("INSERT INTO relais.\(rule.table) \(rule.row)", workspace, member)
        }
        // Rows may come before what they refer to.
        try Connection(database.ownerURL).transaction(
            TransactionOptions(),
            [Statement("SET LOCAL session_replication_role = replica")]
                + inserts.map { Statement($0) }
        )
    }

    private static func filled(_ sql: String, _ workspace: UUID, _ member: UUID) -> String {
        sql.replacing(":w", with: "'\(workspace)'").replacing(":m", with: "'\(member)'")
    }

    private func place(_ rule: TableRule, _ workspace: UUID) -> String {
        "relais.\(rule.table) AS t WHERE " + Self.filled(rule.place, workspace, workspace)
    }

    private func sample(_ rule: TableRule, _ workspace: UUID) throws -> String {
        try #require(
            try database.text("SELECT to_jsonb(t) FROM \(place(rule, workspace))"),
            "no sample of \(rule.table)"
        )
    }

    private enum Operation: CaseIterable { case read, add, change, remove }

    /// Tries it and undoes it.
    private func may(
        _ actor: Actor,
        _ operation: Operation,
        _ rule: TableRule,
        _ workspace: UUID,
        _ sample: String
    ) throws -> Bool {
        let place = place(rule, workspace)
        let column = rule.place.prefix { $0 != " " }
        let statement =
            switch operation {
            case .read: Statement("SELECT FROM \(place)")
            case .add:
                Statement(
                    "INSERT INTO relais.\(rule.table)"
                        + " SELECT * FROM jsonb_populate_record(NULL::relais.\(rule.table), $1)",
                    .json(sample)
                )
            case .change:
                Statement(
                    "UPDATE \(place.replacing(" WHERE", with: " SET \(column) = \(column) WHERE"))"
                )
            case .remove: Statement("DELETE FROM \(place)")
            }
        var count = 0
        do {
            try connection.transaction(TransactionOptions(retry: .never)) {
                (transaction) throws(DatabaseError) in
                let rows = try transaction.pipeline(actor.opening + [statement])
                count = operation == .read ? rows.last!.count : rows.last!.affected
                transaction.abandon()
            }
        } catch {
            // A key that is taken was refused after the policy had agreed.
            let isAboutKeys = [.uniqueViolation, .foreignKeyViolation].contains(error.code)
            guard error.code == .permission || isAboutKeys else { throw error }
            return isAboutKeys
        }
        return count > 0
    }

    /// Somebody who runs a transaction.
    private struct Actor {
        let name: String
        let access: TableRule.Access
        /// What a transaction begins with.
        var opening: [Statement] = []

        func should(_ operation: Operation, _ rule: TableRule) -> Bool {
            let allowed =
                switch operation {
                case .read: rule.reads
                case .add: rule.adds
                case .change: rule.changes
                case .remove: rule.removes
                }
            let isStranger = access.contains(.everywhere)
            if isStranger, !allowed.contains(.everywhere) { return false }
            return !allowed.isDisjoint(with: access.subtracting(.everywhere))
        }

        static func all(_ workspace: UUID, _ me: UUID, isOwn: Bool) -> [Actor] {
            // Whatever stands in the settings, known to the program or not.
            func member(_ role: String, _ access: TableRule.Access, of: UUID? = nil) -> Actor {
                Actor(
                    name: of == nil ? role : "a stranger's \(role)",
                    access: access,
                    opening: [
                        Statement(
                            """
                            SELECT set_config('relais.workspace_id', $1, true),
                                set_config('relais.user_id', $2, true),
                                set_config('relais.caller', $2, true),
                                set_config('relais.role', $3, true)
                            """,
                            .text((of ?? workspace).description),
                            .text(me.description),
                            .text(role)
                        )
                    ]
                )
            }
            let roles: [(String, TableRule.Access)] = [
                ("super_admin", .superAdmin), ("manager", .manager),
                ("admin", isOwn ? .maker : .otherAdmin), ("operator", .operator),
                ("reader", .reader), ("service", .service),
            ]
            let stranger = UUID.v7()
            let caller: TableRule.Access = isOwn ? .caller : .nobody
            return roles.map { member($0.0, [$0.1, caller]) }
                + roles.map { member($0.0, [$0.1, caller, .everywhere], of: stranger) }
                + ["", "root", "SERVICE", "service "].map { member($0, .nobody) } + [
                    Actor(name: "nobody", access: .nobody),
                    Actor(
                        name: "the platform",
                        access: .platform,
                        opening: [PlatformScope.statement]
                    ),
                ]
        }
    }
}
