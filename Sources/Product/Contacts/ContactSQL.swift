internal import Database
internal import FunctionContract

/// The statements about contacts.
enum ContactSQL {
    private static let columns = """
        id, phone, first_name, last_name, email, language, segment, tags, attributes, opted_in_at,
        opt_in_source, status, whatsapp_verified, last_activity_at
        """

    /// Adds any number of contacts in one statement.
    static func add(_ contacts: [Contact]) -> Statement {
        Statement(
            """
            INSERT INTO relais.contact (workspace, id, phone, first_name, last_name, email,
                language,
                segment, tags, attributes, opted_in_at, opt_in_source, created_by)
            SELECT (SELECT relais.current_workspace()), id, phone, first_name, last_name, email,
                language, segment, ARRAY (SELECT jsonb_array_elements_text(tags)), attributes,
                opted_in_at, opt_in_source, (SELECT relais.current_member())
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS new (id, phone, first_name,
                last_name, email, language, segment, tags, attributes, opted_in_at, opt_in_source)
            """,
            .uuids(contacts.map(\.id)),
            .texts(contacts.map(\.phone?.text)),
            .texts(contacts.map(\.firstName)),
            .texts(contacts.map(\.lastName)),
            .texts(contacts.map(\.email)),
            .texts(contacts.map(\.language)),
            .texts(contacts.map(\.segment.rawValue)),
            .jsons(contacts.map { JSON.array($0.tags.map { .string($0) }).text }),
            .jsons(contacts.map(\.attributes)),
            .timestamps(contacts.map(\.optedInAt)),
            .texts(contacts.map(\.optInSource))
        )
    }

    /// The numbers among these that contacts of the workspace have, including contacts that the
    /// caller cannot see.
    static func taken(_ phones: [String]) -> Statement {
        Statement("SELECT phone FROM relais.phones_taken($1)", .texts(phones))
    }

    static func read(_ id: UUID) -> Statement {
        Statement("SELECT \(columns) FROM relais.contact WHERE id = $1 \(own)", .uuid(id))
    }

    static func page(after id: UUID?, limit: Int) -> Statement {
        Statement(
            """
            SELECT \(columns) FROM relais.contact
            WHERE ($1 IS NULL OR id > $1) AND merged_into IS NULL \(own)
            ORDER BY id LIMIT $2
            """,
            .uuid(id),
            .int(limit)
        )
    }

    static func delete(_ id: UUID) -> Statement {
        Statement("DELETE FROM relais.contact WHERE id = $1 \(own)", .uuid(id))
    }

    /// Sets the status. `active` is an opt-in with its source, `unsubscribed` takes the opt-in
    /// back. An opt-in in force stays as it is. A blocked contact stays blocked.
    static func set(_ status: Contact.Status, of ids: [UUID], source: String?) -> Statement {
        Statement(
            """
            UPDATE relais.contact
            SET status = $2, status_changed_at = now(), updated_at = now(),
                opted_in_at = CASE $2 WHEN 'active' THEN now()
                    WHEN 'blocked' THEN opted_in_at END,
                opt_in_source = CASE $2 WHEN 'active' THEN $3
                    WHEN 'blocked' THEN opt_in_source END
            WHERE id = ANY ($1) AND status <> 'blocked'
                AND (status <> $2 OR $2 = 'active' AND opted_in_at IS NULL) \(own)
            """,
            .uuids(ids),
            .text(status.rawValue),
            .text(source)
        )
    }

    /// Lifts the block. The opt-in is not in force again: the contact may have said STOP meanwhile.
    static func unblock(_ ids: [UUID]) -> Statement {
        Statement(
            """
            UPDATE relais.contact
            SET status = 'unsubscribed', status_changed_at = now(), updated_at = now(),
                opted_in_at = NULL, opt_in_source = NULL
            WHERE id = ANY ($1) AND status = 'blocked' AND merged_into IS NULL \(own)
            """,
            .uuids(ids)
        )
    }

    static func verify(_ ids: [UUID], areOnWhatsApp: Bool) -> Statement {
        Statement(
            """
            UPDATE relais.contact
            SET whatsapp_verified = $2, verified_at = now(), updated_at = now()
            WHERE id = ANY ($1) \(own)
            """,
            .uuids(ids),
            .bool(areOnWhatsApp)
        )
    }

    /// Row-level security already restricts the workspace. This condition lets the planner use the
    /// primary key, which begins with the workspace.
    private static let own = "AND workspace = (SELECT relais.current_workspace())"
}
