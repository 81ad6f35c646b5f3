internal import Database
internal import FunctionContract

enum AnswerSQL {
    /// Records an interaction, attributes it, and queues Message 2 if it is the first answer.
    ///
    /// What it answers is the campaign of the message that the provider names. Else it is one whose
    /// Message 1 is out, within its window; of several the newest that nobody answered yet, else
    /// the newest. If there is none, then one whose Message 1 may be out: it is with a sender now,
    /// or nobody knows what became of it. What still waits to be sent is not what anyone answers.
    ///
    /// The campaign's row is held, so that a stop comes before or after and not in between. That
    /// Message 2 goes out once is for the unique index to say, whoever else is answering at the
    /// same moment.
    static func record(_ interaction: Interaction, _ id: UUID, message2: UUID) -> Statement {
        Statement(
            record,
            .uuid(interaction.contact),
            .uuid(interaction.channel),
            .text(interaction.context),
            .timestamp(interaction.at),
            .uuid(id),
            .text(interaction.kind.rawValue),
            .text(interaction.content),
            .text(interaction.providerID),
            .uuid(message2),
            .bool(interaction.kind.isAnswer)
        )
    }

    private static let record = """
        WITH context AS MATERIALIZED (
            SELECT message.id, message.campaign
            FROM relais.message_reference AS reference
            JOIN relais.message ON message.id = reference.message
            WHERE reference.workspace = (SELECT relais.current_workspace())
                AND reference.channel = $2 AND reference.provider_id = $3
                AND message.contact = $1
        ), origin AS MATERIALIZED (
            SELECT first.id, first.campaign, first.created_by, first.recipient_kind,
                first.recipient, first.follow_up, first.accepted_at,
                campaign.status IN ('running', 'paused') AS is_open,
                $4 < coalesce(first.accepted_at, $4)
                    + make_interval(secs => campaign.answer_window_seconds) AS is_in_time
            FROM relais.message AS first
            JOIN relais.campaign ON campaign.workspace = first.workspace
                AND campaign.id = first.campaign
            WHERE first.workspace = (SELECT relais.current_workspace())
                AND first.contact = $1 AND first.channel = $2 AND first.step = 1
                AND first.status <> 'failed' AND (first.status >= 'unknown'
                    OR first.status = 'queued' AND EXISTS (
                        SELECT FROM relais.outbox WHERE outbox.message = first.id
                            AND (outbox.state <> 'ready' OR outbox.was_unknown)
                    ))
                AND CASE WHEN EXISTS (SELECT FROM context)
                    THEN first.campaign = (SELECT campaign FROM context)
                    ELSE $4 < coalesce(first.accepted_at, $4)
                        + make_interval(secs => campaign.answer_window_seconds)
                    END
            ORDER BY
                EXISTS (
                    SELECT FROM relais.interaction
                    WHERE interaction.workspace = first.workspace
                        AND interaction.contact = first.contact
                        AND interaction.campaign = first.campaign
                        AND interaction.kind IN ('reply', 'choice', 'reaction')
                ),
                first.status < 'accepted', first.accepted_at DESC NULLS LAST, first.id DESC
            LIMIT 1
            FOR SHARE OF campaign
        ), said AS (
            INSERT INTO relais.interaction (id, workspace, channel, contact, campaign, message,
                kind,
                content, provider_id, created_by, received_at)
            SELECT $5, (SELECT relais.current_workspace()), $2, $1, origin.campaign,
                coalesce((SELECT id FROM context), origin.id), $6, $7, $8, origin.created_by, $4
            FROM (SELECT) AS one LEFT JOIN origin ON true
            ON CONFLICT DO NOTHING
            RETURNING id
        ), second AS (
            INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                recipient_kind, recipient, body, created_by)
            SELECT $9, (SELECT relais.current_workspace()), $2, campaign, $1, 2, recipient_kind,
                recipient, follow_up, created_by
            FROM origin
            WHERE $10 AND is_open AND is_in_time AND follow_up IS NOT NULL
            ON CONFLICT DO NOTHING
            RETURNING id
        ), queued AS (
            INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)
            SELECT second.id, (SELECT relais.current_workspace()), origin.campaign, 1,
                greatest(statement_timestamp(), coalesce(origin.accepted_at, statement_timestamp())
                    + make_interval(secs => channel.pair_gap_seconds))
            FROM second, origin, relais.channel WHERE channel.id = $2
        )
        SELECT (SELECT id FROM said) IS NOT NULL AS is_new,
            (SELECT id FROM second) AS message_2, origin.campaign,
            coalesce((SELECT id FROM context), origin.id) AS message
        FROM (SELECT) AS one LEFT JOIN origin ON true
        """

    /// The message of ours that is answered and not known to have arrived by then, and its attempt:
    /// by the name that we know it by; or the only one to this contact of which nobody knows
    /// whether it went out, if what is named is nothing that we know and nothing that the contact
    /// said.
    static func answered(
        _ context: String,
        by contact: UUID,
        on channel: UUID,
        at: Timestamp
    ) -> Statement {
        Statement(
            """
            WITH named AS (
                SELECT message.id, reference.attempt, message.contact,
                    message.status < 'delivered' OR coalesce(message.delivered_at > $4, true)
                        AS is_news
                FROM relais.message_reference AS reference
                JOIN relais.message ON message.id = reference.message
                WHERE reference.workspace = (SELECT relais.current_workspace())
                    AND reference.channel = $3 AND reference.provider_id = $1
            ), nameless AS (
                SELECT message.id, coalesce(outbox.attempt, message.attempts) AS attempt
                FROM relais.message LEFT JOIN relais.outbox ON outbox.message = message.id
                WHERE message.workspace = (SELECT relais.current_workspace())
                    AND message.contact = $2 AND message.channel = $3
                    AND (message.status IN ('unknown', 'parked') OR message.status = 'queued'
                        AND (outbox.state <> 'ready' OR outbox.was_unknown))
                    AND NOT EXISTS (SELECT FROM named)
                    AND NOT EXISTS (
                        SELECT FROM relais.interaction
                        WHERE interaction.workspace = (SELECT relais.current_workspace())
                            AND interaction.channel = $3 AND interaction.provider_id = $1
                    )
                LIMIT 2
            )
            SELECT id, attempt FROM named WHERE contact = $2 AND is_news
            UNION ALL
            SELECT (array_agg(id))[1], max(attempt) FROM nameless HAVING count(*) = 1
            """,
            .text(context),
            .uuid(contact),
            .uuid(channel),
            .timestamp(at)
        )
    }

    /// Opens the window in which more than templates may be sent, and notes the activity.
    static func hear(_ interaction: Interaction) -> Statement {
        Statement(
            """
            WITH seen AS (
                UPDATE relais.contact
                SET last_activity_at = greatest(last_activity_at, $3)
                WHERE workspace = (SELECT relais.current_workspace()) AND id = $1
                RETURNING workspace, id
            )
            INSERT INTO relais.conversation (workspace, contact, channel, last_inbound_at)
            SELECT workspace, id, $2, $3 FROM seen WHERE $4
            ON CONFLICT (workspace, contact, channel) DO UPDATE
            SET last_inbound_at = greatest(conversation.last_inbound_at, excluded.last_inbound_at)
            """,
            .uuid(interaction.contact),
            .uuid(interaction.channel),
            .timestamp(interaction.at),
            .bool(interaction.kind.opensWindow)
        )
    }
}
