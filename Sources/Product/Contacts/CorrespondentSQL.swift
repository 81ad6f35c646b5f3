internal import Database
internal import FunctionContract

enum CorrespondentSQL {
    /// One lock for each name, in the same order for everybody.
    static func lock(_ names: [Correspondents.Name], _ phones: [E164]) -> Statement {
        Statement(
            """
            SELECT pg_advisory_xact_lock(key)
            FROM (
                SELECT DISTINCT hashtextextended(
                    (SELECT relais.current_workspace())::text || name, 0) AS key
                FROM unnest($1) AS name ORDER BY key
            ) AS keys
            """,
            .texts(names.map { "\($0.kind):\($0.value)" } + phones.map { "phone:\($0.text)" })
        )
    }

    /// A phone is the surest name, an older name surer than a newer one: the surest comes first.
    static func find(_ names: [Correspondents.Name], _ phones: [E164]) -> Statement {
        Statement(
            """
            SELECT id
            FROM (
                SELECT contact.id, 0 AS rank, contact.created_at FROM relais.contact
                WHERE workspace = (SELECT relais.current_workspace()) AND phone = ANY ($1)
                UNION ALL
                SELECT contact, 1, created_at
                FROM relais.contact_identity
                JOIN unnest($2, $3, $4) AS name (kind, value, channel)
                    USING (kind, value, channel)
                WHERE workspace = (SELECT relais.current_workspace())
            ) AS known
            GROUP BY id ORDER BY min(rank), min(created_at), id
            """,
            .texts(phones.map(\.text)),
            .texts(names.map(\.kind)),
            .texts(names.map(\.value)),
            .uuids(names.map(\.channel))
        )
    }

    static func add(_ id: UUID, _ phone: E164?, _ profileName: String?) -> Statement {
        Statement(
            """
            INSERT INTO relais.contact (workspace, id, phone, first_name, created_by)
            VALUES ((SELECT relais.current_workspace()), $1, $2, $3, (SELECT
                relais.current_member()))
            """,
            .uuid(id),
            .text(phone?.text),
            .text(profileName)
        )
    }

    /// A name that belongs to somebody else stays where it is.
    static func name(_ contact: UUID, _ names: [Correspondents.Name]) -> Statement {
        Statement(
            """
            INSERT INTO relais.contact_identity (workspace, kind, value, channel, contact)
            SELECT (SELECT relais.current_workspace()), kind, value, channel, $1
            FROM unnest($2, $3, $4) AS name (kind, value, channel)
            ORDER BY kind, value, channel
            ON CONFLICT DO NOTHING
            """,
            .uuid(contact),
            .texts(names.map(\.kind)),
            .texts(names.map(\.value)),
            .uuids(names.map(\.channel))
        )
    }
}
