internal import Contacts
internal import Database
internal import FunctionContract
internal import Providers

/// What webhooks change about contacts.
enum ContactSQL {
    /// A name that somebody typed stays.
    static func name(_ contact: UUID, _ profileName: String) -> Statement {
        Statement(
            """
            UPDATE relais.contact SET first_name = $2, updated_at = now()
            WHERE workspace = (SELECT relais.current_workspace()) AND id = $1
                AND first_name IS NULL AND last_name IS NULL
            """,
            .uuid(contact),
            .text(profileName)
        )
    }

    /// Wants no more messages since `at`. Of a word to leave and one to come back the later counts,
    /// in whatever order they arrive, and leaving when they are from the same moment. What the
    /// workspace blocked stays blocked.
    static func leave(_ contact: UUID, at: Timestamp) -> Statement {
        Statement(
            """
            UPDATE relais.contact
            SET status = 'unsubscribed', status_changed_at = $2, opted_in_at = NULL,
                updated_at = now()
            WHERE workspace = (SELECT relais.current_workspace()) AND id = $1
                AND status <> 'blocked' AND coalesce(status_changed_at <= $2, true)
            """,
            .uuid(contact),
            .timestamp(at)
        )
    }

    static func comeBack(_ contact: UUID, at: Timestamp) -> Statement {
        Statement(
            """
            UPDATE relais.contact
            SET status = 'active', status_changed_at = $2, opted_in_at = $2,
                opt_in_source = 'whatsapp', updated_at = now()
            WHERE workspace = (SELECT relais.current_workspace()) AND id = $1
                AND status <> 'blocked' AND coalesce(status_changed_at < $2, true)
            """,
            .uuid(contact),
            .timestamp(at)
        )
    }

    /// Somebody moved to another number: the new one leads to the same contact, and is the one to
    /// write to unless it is somebody's already.
    static func move(_ old: Party, to new: Party) -> Statement {
        let names = old.identities.filter { $0.kind != .phone }
        let newNames = new.identities.filter { $0.kind != .phone && $0.kind != .providerContact }
        return Statement(
            move,
            .texts(old.phones.map(\.text)),
            .texts(names.map(\.kind.rawValue)),
            .texts(names.map(\.value)),
            .texts(newNames.map(\.kind.rawValue)),
            .texts(newNames.map(\.value)),
            .text(new.phones.first?.text)
        )
    }

    private static let move = """
        WITH mover AS MATERIALIZED (
            SELECT id FROM (
                SELECT id, 0 AS rank, created_at FROM relais.contact
                WHERE workspace = (SELECT relais.current_workspace()) AND phone = ANY ($1)
                UNION ALL
                SELECT contact, 1, created_at FROM relais.contact_identity
                JOIN unnest($2, $3) AS name (kind, value) USING (kind, value)
                WHERE workspace = (SELECT relais.current_workspace())
            ) AS known
            ORDER BY rank, created_at, id LIMIT 1
        ), named AS (
            INSERT INTO relais.contact_identity (workspace, kind, value, contact)
            SELECT (SELECT relais.current_workspace()), kind, value, mover.id
            FROM mover, unnest($4, $5) AS name (kind, value)
            ORDER BY kind, value
            ON CONFLICT DO NOTHING
        )
        UPDATE relais.contact SET phone = $6, updated_at = now()
        FROM mover
        WHERE contact.workspace = (SELECT relais.current_workspace()) AND contact.id = mover.id
            AND contact.phone = ANY ($1) AND $6 IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM relais.contact AS other
                WHERE other.workspace = contact.workspace AND other.phone = $6)
        """
}
