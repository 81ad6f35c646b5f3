internal import Campaigns
internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// The statements for news about channels, templates and received messages. All news carries a
/// time, and the later news counts.
enum NewsSQL {
    /// Pauses channels. A channel that is already paused for another code keeps its reason.
    static func pause(_ channels: [UUID], code: String, reason: String, at: Timestamp) -> Statement
    {
        Statement(
            """
            UPDATE relais.channel
            SET status = 'paused', news_at = $4, updated_at = now(),
                reason = CASE WHEN status = 'active' OR reason ->> 'code' = $2 THEN $3
                    ELSE reason END
            WHERE id = ANY ($1) AND coalesce(news_at <= $4, true)
            """,
            .uuids(channels),
            .text(code),
            .json(reason),
            .timestamp(at)
        )
    }

    /// Holds channels until a restriction of their provider ends. A channel that is held for longer
    /// keeps its reason.
    static func rest(
        _ channels: [UUID],
        until: Timestamp,
        reason: String,
        at: Timestamp
    ) -> Statement {
        Statement(
            """
            WITH told AS (
                UPDATE relais.channel SET news_at = $4, updated_at = now()
                WHERE id = ANY ($1) AND coalesce(news_at <= $4, true)
                RETURNING id
            )
            UPDATE relais.channel_state SET held_until = $2, held_reason = $3
            WHERE channel IN (SELECT id FROM told) AND held_until <= $2
            """,
            .uuids(channels),
            .timestamp(until),
            .json(reason),
            .timestamp(at)
        )
    }

    /// Stores a messaging limit and a warning. A null leaves the limit unchanged.
    static func note(_ note: ChannelNote, on channels: [UUID], at: Timestamp) -> Statement {
        let (changes, warning): (Bool, String?) =
            switch note.warning {
            case .same: (false, nil)
            case .new(let reason): (true, reason.stored)
            case .over: (true, nil)
            }
        return Statement(
            """
            UPDATE relais.channel
            SET noted_at = $5, updated_at = now(), messaging_limit = coalesce($2, messaging_limit),
                warning = CASE WHEN $3 THEN $4 ELSE warning END
            WHERE id = ANY ($1) AND coalesce(noted_at <= $5, true)
            """,
            .uuids(channels),
            .text(note.limit),
            .bool(changes),
            .json(warning),
            .timestamp(at)
        )
    }

    /// Resumes channels that the same source paused or held.
    static func resume(_ channels: [UUID], code: String, at: Timestamp) -> Statement {
        Statement(
            """
            WITH told AS (
                UPDATE relais.channel
                SET news_at = $3, updated_at = now(),
                    status = CASE WHEN reason ->> 'code' = $2 THEN 'active' ELSE status END,
                    reason = CASE WHEN reason ->> 'code' = $2 THEN NULL ELSE reason END
                WHERE id = ANY ($1) AND coalesce(news_at < $3, true)
                RETURNING id
            )
            UPDATE relais.channel_state SET held_until = '-infinity', held_reason = NULL
            WHERE channel IN (SELECT id FROM told) AND held_reason ->> 'code' = $2
            """,
            .uuids(channels),
            .text(code),
            .timestamp(at)
        )
    }

    /// Returns nil when the update changes nothing that we store.
    static func template(_ update: TemplateUpdate, account: String, at: Timestamp) -> Statement? {
        let change: (column: String, value: String, reason: String?)
        switch update.change {
        case .status(let word, let reason):
            guard let status = TemplateNews.status(word) else { return nil }
            change = ("status", status, reason)
        case .quality(_, let quality): change = ("quality", quality, nil)
        case .category(_, let word):
            guard let category = TemplateNews.category(word) else { return nil }
            change = ("category", category, nil)
        case .components: return nil
        }
        return Statement(
            """
            UPDATE relais.template
            SET \(change.column) = $5, \(change.column)_at = $6, updated_at = now(),
                reason = CASE WHEN $8 THEN $7 ELSE reason END
            WHERE workspace = (SELECT relais.current_workspace()) AND account_id = $1
                AND (external_id = $2 OR name = $3 AND language = $4)
                AND coalesce(\(change.column)_at <= $6, true)
            """,
            .text(account),
            .text(update.id),
            .text(update.name),
            .text(update.language),
            .text(change.value),
            .timestamp(at),
            .text(change.reason?.storable),
            .bool(change.column == "status")
        )
    }

    static func amend(_ amendment: Amendment, on channel: UUID) -> Statement {
        Statement(
            """
            INSERT INTO relais.message_amendment
                (workspace, channel, provider_id, kind, content, occurred_at)
            VALUES ((SELECT relais.current_workspace()), $1, $2, $3, $4, $5)
            ON CONFLICT (workspace, channel, provider_id, kind) DO UPDATE
            SET content = excluded.content, occurred_at = excluded.occurred_at
            WHERE excluded.occurred_at > message_amendment.occurred_at
            """,
            .uuid(channel),
            .text(amendment.target),
            .text(amendment.kind.rawValue),
            .text(amendment.content),
            .timestamp(amendment.at)
        )
    }

    /// Returns the names that belong to known messages.
    static func known(_ names: [String], on channels: [UUID]) -> Statement {
        Statement(
            """
            SELECT DISTINCT channel, provider_id
            FROM unnest($1, $2) AS name (channel, provider_id)
            JOIN relais.message_reference USING (channel, provider_id)
            WHERE workspace = (SELECT relais.current_workspace())
            """,
            .uuids(channels),
            .texts(names)
        )
    }
}
