internal import Database
internal import FunctionContract

enum CorrespondentSQL {
    /// Takes one lock for each name. The order of the keys is the same in all transactions.
    static func lock(_ names: Set<Correspondent.Name>) -> Statement {
        Statement(
            """
            SELECT pg_advisory_xact_lock(key)
            FROM (
                SELECT DISTINCT hashtextextended(
                    (SELECT relais.current_workspace())::text || name, 0) AS key
                FROM unnest($1) AS name ORDER BY key
            ) AS keys
            """,
            .texts(names.map { "\($0.kind):\($0.value)" })
        )
    }

    /// Finds the contacts that have one of the names. Names other than phones are looked up singly.
    static func find(_ names: Set<Correspondent.Name>) -> Statement {
        let phones = names.filter(\.isPhone)
        let others = names.subtracting(phones)
        return Statement(
            """
            SELECT 'phone' AS kind, phone AS value,
                '00000000-0000-0000-0000-000000000000'::uuid AS channel, id AS contact, created_at
            FROM relais.contact
            WHERE workspace = (SELECT relais.current_workspace()) AND phone = ANY ($1)
            UNION ALL
            SELECT name.kind, name.value, name.channel, known.contact, known.created_at
            FROM unnest($2, $3, $4) AS name (kind, value, channel)
            CROSS JOIN LATERAL (
                SELECT contact, created_at FROM relais.contact_identity
                WHERE workspace = (SELECT relais.current_workspace())
                    AND kind = name.kind AND value = name.value AND channel = name.channel
                LIMIT 1
            ) AS known
            """,
            .texts(phones.map(\.value)),
            .texts(others.map(\.kind)),
            .texts(others.map(\.value)),
            .uuids(others.map(\.channel))
        )
    }

    static func add(_ newcomers: [AddressBook.Newcomer]) -> Statement {
        Statement(
            """
            INSERT INTO relais.contact (workspace, id, phone, first_name, created_by)
            SELECT (SELECT relais.current_workspace()), id, phone, first_name,
                (SELECT relais.current_member())
            FROM unnest($1, $2, $3) AS newcomer (id, phone, first_name)
            ORDER BY phone
            """,
            .uuids(newcomers.map(\.id)),
            .texts(newcomers.map { $0.phone?.text }),
            .texts(newcomers.map(\.name))
        )
    }

    /// Stores new names. A name that belongs to another contact stays with that contact.
    static func name(_ names: [AddressBook.NewName]) -> Statement {
        Statement(
            """
            INSERT INTO relais.contact_identity (workspace, kind, value, channel, contact)
            SELECT (SELECT relais.current_workspace()), kind, value, channel, contact
            FROM unnest($1, $2, $3, $4) AS name (contact, kind, value, channel)
            ORDER BY kind, value, channel
            ON CONFLICT DO NOTHING
            """,
            .uuids(names.map(\.contact)),
            .texts(names.map(\.name.kind)),
            .texts(names.map(\.name.value)),
            .uuids(names.map(\.name.channel))
        )
    }
}
