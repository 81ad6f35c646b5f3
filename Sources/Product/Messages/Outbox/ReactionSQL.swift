internal import Database
internal import FunctionContract
internal import Providers

/// The statements by which an attempt changes its channel, its template, its campaigns and its
/// contact.
enum ReactionSQL {
    static func breaker(
        _ channel: UUID,
        _ breaker: Breaker,
        hold: Duration,
        reason: Reason?
    ) -> Statement {
        Statement(
            """
            UPDATE relais.channel_state
            SET failures = $2, held_until = greatest(held_until,
                    statement_timestamp() + make_interval(secs => $3)),
                held_reason = CASE WHEN $3 > 0 THEN $4
                    WHEN held_until > statement_timestamp() THEN held_reason END
            WHERE channel = $1
            """,
            .uuid(channel),
            .int(breaker.failures),
            .double(hold / .seconds(1)),
            .json(reason?.stored)
        )
    }

    /// Pauses the channel without counting a failure of its provider.
    static func hold(_ channel: UUID, for pause: Duration, because reason: Reason) -> Statement {
        Statement(
            """
            UPDATE relais.channel_state
            SET held_reason = $3, held_until = greatest(held_until,
                statement_timestamp() + make_interval(secs => $2))
            WHERE channel = $1
            """,
            .uuid(channel),
            .double(pause / .seconds(1)),
            .json(reason.stored)
        )
    }

    private static let firstRest = Duration.seconds(120)

    /// Pauses a channel that cannot be served: for two minutes, then twice as long each time, up to
    /// half an hour. Senders that find the obstacle at the same time count once.
    static func rest(_ channel: UUID, because reason: Reason) -> Statement {
        Statement(
            """
            UPDATE relais.channel_state
            SET held_reason = $2, obstacles = least(obstacles + 1, 100),
                held_until = statement_timestamp()
                    + make_interval(secs => least($4, $3 * 2 ^ least(obstacles, 20)))
            WHERE channel = $1 AND held_until <= statement_timestamp()
            """,
            .uuid(channel),
            .json(reason.stored),
            .double(firstRest / .seconds(1)),
            .double(Breaker.longestHold / .seconds(1))
        )
    }

    /// The channel can be served again.
    static func overcome(_ channel: UUID) -> Statement {
        Statement(
            "UPDATE relais.channel_state SET obstacles = 0 WHERE channel = $1",
            .uuid(channel)
        )
    }

    /// Pauses channels and templates until a person has looked. Each is paused once, however many
    /// messages met the problem.
    static func pauses(
        _ verdicts: [(verdict: Verdict, template: UUID?)],
        of channel: UUID
    ) -> [Statement] {
        var pauses: [UUID: Statement] = [:]
        for (verdict, template) in verdicts {
            if case .pause(let why) = verdict.channel {
                pauses[channel] = pause(channel: channel, because: why)
            }
            if let template, let why = verdict.template {
                pauses[template] = pause(template: template, because: why)
            }
        }
        return pauses.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func pause(channel: UUID, because reason: Reason) -> Statement {
        Statement(
            """
            UPDATE relais.channel SET status = 'paused', reason = $2, updated_at = now()
            WHERE id = $1 AND status = 'active'
            """,
            .uuid(channel),
            .json(reason.stored)
        )
    }

    /// Pauses the template and every running campaign that uses it.
    private static func pause(template: UUID, because reason: Reason) -> Statement {
        Statement(
            """
            WITH refused AS (
                UPDATE relais.template SET status = 'paused', reason = $3, updated_at = now()
                WHERE id = $1 AND status = 'approved'
            )
            UPDATE relais.campaign SET status = 'paused', reason = $2, updated_at = now()
            WHERE workspace = (SELECT relais.current_workspace()) AND template = $1
                AND status = 'running'
            """,
            .uuid(template),
            .json(reason.stored),
            .text(reason.french)
        )
    }

    /// Stores the provider's identities of the contacts that were written to and still exist. A
    /// `wa_id` that equals the dialled phone number adds nothing and is skipped. An identity that
    /// belongs to another contact is left unchanged. `LIMIT 1` keeps each look on the primary key.
    static func name(_ names: [(contact: UUID, identity: ContactIdentity)]) -> Statement {
        Statement(
            """
            INSERT INTO relais.contact_identity (workspace, kind, value, contact)
            SELECT DISTINCT ON (kind, value) (SELECT relais.current_workspace()), kind, value,
                contact
            FROM unnest($1, $2, $3) AS name (contact, kind, value)
            CROSS JOIN LATERAL (
                SELECT phone FROM relais.contact
                WHERE contact.workspace = (SELECT relais.current_workspace())
                    AND contact.id = name.contact
                LIMIT 1
            ) AS known
            WHERE kind <> 'wa_id' OR coalesce(phone <> '+' || value, true)
            ORDER BY kind, value
            ON CONFLICT DO NOTHING
            """,
            .uuids(names.map(\.contact)),
            .texts(names.map(\.identity.kind.rawValue)),
            .texts(names.map(\.identity.value))
        )
    }
}
