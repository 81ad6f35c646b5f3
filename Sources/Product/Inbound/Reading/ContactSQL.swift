internal import Contacts
internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// The statements by which webhooks change contacts.
enum ContactSQL {
    /// Sets profile names, by contact. A name that a person typed stays.
    static func name(_ names: [UUID: String]) -> Statement {
        let pairs = names.sorted { $0.key < $1.key }
        return Statement(
            """
            WITH nameless AS MATERIALIZED (
                SELECT id FROM relais.contact
                WHERE workspace = (SELECT relais.current_workspace()) AND id = ANY ($1)
                    AND first_name IS NULL AND last_name IS NULL
                ORDER BY id FOR NO KEY UPDATE
            )
            UPDATE relais.contact SET first_name = profile.name, updated_at = now()
            FROM nameless JOIN unnest($1, $2) AS profile (id, name) USING (id)
            WHERE contact.workspace = (SELECT relais.current_workspace())
                AND contact.id = nameless.id
            """,
            .uuids(pairs.map(\.key)),
            .texts(pairs.map(\.value))
        )
    }

    /// Unsubscribes the contact as of `at`. Between an opt-out and an opt-in the later one counts,
    /// in whatever order they arrive. The opt-out counts when both have the same time. A contact
    /// that the workspace blocked stays blocked.
    static func leave(_ contact: UUID, at: Timestamp) -> Statement {
        Statement(
            """
            UPDATE relais.contact
            SET status = 'unsubscribed', status_changed_at = $2, opted_in_at = NULL,
                opt_in_source = NULL, updated_at = now()
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

    /// Finds receipts whose recipient has a hidden name that the contact does not have yet. The
    /// contact is the message's, if the number that it was sent to is still the contact's.
    static func strangers(
        in notes: [DeliveryNote],
        on channel: UUID,
        limit: Int
    ) -> Statement {
        let names = notes.enumerated().flatMap { place, note in
            note.providerIDs.flatMap { id in
                note.hiddenNames.map { (place: place, id: id, name: $0) }
            }
        }
        return Statement(
            strangers,
            .uuid(channel),
            .int32s(names.map { Int32($0.place) }),
            .uuids(names.map { notes[$0.place].reference?.message }),
            .texts(names.map(\.id)),
            .texts(names.map(\.name.kind.rawValue)),
            .texts(names.map(\.name.value)),
            .int(limit)
        )
    }

    private static let strangers = """
        WITH told AS MATERIALIZED (
            SELECT place, message, provider_id, kind, value
            FROM unnest($2, $3, $4, $5, $6) AS told (place, message, provider_id, kind, value)
        )
        SELECT DISTINCT ON (contact.id) told.place, contact.id AS contact
        FROM told
        CROSS JOIN LATERAL (
            SELECT coalesce(told.message, (
                SELECT message FROM relais.message_reference
                WHERE workspace = (SELECT relais.current_workspace())
                    AND channel = $1 AND provider_id = told.provider_id
            )) AS message
        ) AS meant
        CROSS JOIN LATERAL (
            SELECT message.contact, message.recipient_kind, message.recipient
            FROM relais.message
            WHERE id = meant.message AND channel = $1
                AND workspace = (SELECT relais.current_workspace())
            LIMIT 1
        ) AS message
        CROSS JOIN LATERAL (
            SELECT id FROM relais.contact
            WHERE workspace = (SELECT relais.current_workspace()) AND id = message.contact
                AND merged_into IS NULL
                AND (message.recipient_kind <> 'phone' OR phone = message.recipient)
            LIMIT 1
        ) AS contact
        WHERE NOT EXISTS (
            SELECT FROM relais.contact_identity AS known
            WHERE known.workspace = (SELECT relais.current_workspace())
                AND known.kind = told.kind AND known.value = told.value
                AND known.contact = contact.id
        )
        ORDER BY contact.id, told.place LIMIT $7
        """

    /// Records that a person changed numbers. The new number leads to the same contact. It becomes
    /// the contact's phone unless another contact has it.
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
