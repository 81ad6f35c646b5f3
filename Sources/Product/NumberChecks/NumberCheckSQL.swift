internal import Database
internal import FunctionContract
internal import Providers

/// The statements about unchecked numbers.
enum NumberCheckSQL {
    /// The channels of these providers in all workspaces that have a number to check.
    static func channels(_ providers: [Provider]) -> Statement {
        Statement(
            "SELECT channel, workspace FROM relais.channels_to_verify($1)",
            .texts(providers.map(\.rawValue))
        )
    }

    /// Claims up to `most` contacts until the lease ends.
    static func claim(_ most: Int, lease: Duration) -> Statement {
        Statement(
            """
            WITH unasked AS MATERIALIZED (
                SELECT contact.workspace, contact.id, contact.phone
                FROM relais.contact
                LEFT JOIN relais.number_check ON number_check.workspace = contact.workspace
                    AND number_check.contact = contact.id
                WHERE contact.workspace = (SELECT relais.current_workspace())
                    AND whatsapp_verified IS NULL AND phone IS NOT NULL AND status = 'active'
                    AND coalesce(next_at <= statement_timestamp(), true)
                ORDER BY contact.id LIMIT $1
                FOR NO KEY UPDATE OF contact SKIP LOCKED
            ), held AS (
                INSERT INTO relais.number_check (workspace, contact, failures, next_at)
                SELECT workspace, id, 0, statement_timestamp() + make_interval(secs => $2)
                FROM unasked
                ON CONFLICT (workspace, contact) DO UPDATE SET next_at = excluded.next_at
                RETURNING contact, failures
            )
            SELECT id, phone, failures FROM unasked JOIN held ON contact = id ORDER BY id
            """,
            .int(most),
            .double(lease / .seconds(1))
        )
    }

    /// Records clear answers. If another source has settled a number meanwhile, that result stays.
    static func record(_ answers: [(contact: UUID, isThere: Bool)]) -> Statement {
        Statement(
            """
            WITH answer AS MATERIALIZED (
                SELECT contact, is_there FROM unnest($1, $2) AS answer (contact, is_there)
            ), forgotten AS (
                DELETE FROM relais.number_check USING answer
                WHERE number_check.workspace = (SELECT relais.current_workspace())
                    AND number_check.contact = answer.contact
            )
            UPDATE relais.contact
            SET whatsapp_verified = is_there, verified_at = now(), updated_at = now()
            FROM answer
            WHERE workspace = (SELECT relais.current_workspace()) AND id = answer.contact
                AND whatsapp_verified IS NULL
            """,
            .uuids(answers.map(\.contact)),
            .bools(answers.map(\.isThere))
        )
    }

    /// Records the provider's names for contacts that are on WhatsApp.
    static func name(_ names: [(contact: UUID, identity: ContactIdentity)]) -> Statement {
        Statement(
            """
            INSERT INTO relais.contact_identity (workspace, kind, value, contact)
            SELECT (SELECT relais.current_workspace()), kind, value, contact
            FROM unnest($1, $2, $3) AS name (contact, kind, value)
            ORDER BY kind, value
            ON CONFLICT DO NOTHING
            """,
            .uuids(names.map(\.contact)),
            .texts(names.map(\.identity.kind.rawValue)),
            .texts(names.map(\.identity.value))
        )
    }

    /// Records unclear answers: the numbers are checked again after the pause.
    static func postpone(_ checks: [PostponedCheck]) -> Statement {
        Statement(
            """
            UPDATE relais.number_check
            SET failures = failures + 1, last_error = left(postponed.reason, 500),
                next_at = statement_timestamp() + make_interval(secs => postponed.pause)
            FROM unnest($1, $2, $3) AS postponed (contact, pause, reason)
            WHERE workspace = (SELECT relais.current_workspace())
                AND number_check.contact = postponed.contact
            """,
            .uuids(checks.map(\.contact)),
            .doubles(checks.map { $0.pause / .seconds(1) }),
            .texts(checks.map(\.reason))
        )
    }
}

/// A number to check again later.
struct PostponedCheck {
    let contact: UUID
    let pause: Duration
    let reason: String
}
