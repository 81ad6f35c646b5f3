internal import Database
internal import FunctionContract
internal import Providers

/// What failures do to what the message came from: its channel, its template, its contact.
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

    /// The channel rests; that is no failure of its provider.
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

    /// The channel rests because it cannot be served: two minutes, then twice as long each time,
    /// half an hour at most. Senders that find out together count once.
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

    /// What nothing more goes through until a person has looked: each once, however many messages
    /// ran into it.
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

    /// The template, and every campaign that would go on using it.
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

    /// The names that a provider has for those who were written to and are still there. The number
    /// that was dialled is no news, and a name that belongs to somebody else stays where it is.
    static func name(_ names: [(contact: UUID, identity: Providers.Identity)]) -> Statement {
        Statement(
            """
            INSERT INTO relais.contact_identity (workspace, kind, value, contact)
            SELECT DISTINCT ON (kind, value) (SELECT relais.current_workspace()), kind, value,
                contact
            FROM unnest($1, $2, $3) AS name (contact, kind, value)
            WHERE EXISTS (
                SELECT FROM relais.contact
                WHERE contact.workspace = (SELECT relais.current_workspace())
                    AND contact.id = name.contact
                    AND (kind <> 'wa_id' OR coalesce(phone <> '+' || value, true))
            )
            ORDER BY kind, value
            ON CONFLICT DO NOTHING
            """,
            .uuids(names.map(\.contact)),
            .texts(names.map(\.identity.kind.rawValue)),
            .texts(names.map(\.identity.value))
        )
    }
}
