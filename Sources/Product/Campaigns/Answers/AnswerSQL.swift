internal import Database
internal import FunctionContract
internal import Messages

/// The statements about interactions, for any number of contacts at once. Each interaction is
/// looked up by itself, in a subquery with a limit. The planner has no statistics about a table
/// that a campaign has just filled, so it would plan a join badly.
enum AnswerSQL {
    /// Records interactions, attributes them to campaigns, and queues Message 2 for each first
    /// answer. Returns one row per interaction, in order.
    ///
    /// An interaction belongs to the campaign of the message that the provider names. Otherwise it
    /// belongs to a campaign whose Message 1 is or may be out, within its answer window. Campaigns
    /// that the contact has not answered come first, then those whose Message 1 was accepted, then
    /// the newest. A Message 1 that waits to be sent cannot be answered, unless an earlier attempt
    /// was unknown.
    ///
    /// The campaign's row is locked, so a stop happens before or after, not in between. A unique
    /// index ensures that Message 2 is sent once, even if several answers arrive at the same
    /// moment.
    static func record(_ interactions: [Interaction]) -> Statement {
        Statement(
            record,
            .uuids(interactions.map { _ in .v7() }),
            .uuids(interactions.map(\.contact)),
            .uuids(interactions.map(\.channel)),
            .texts(interactions.map(\.kind.rawValue)),
            .texts(interactions.map(\.content)),
            .texts(interactions.map(\.providerID)),
            .texts(interactions.map(\.context)),
            .timestamps(interactions.map(\.at)),
            .uuids(interactions.map { _ in .v7() }),
            .bools(interactions.map(\.kind.isAnswer))
        )
    }

    private static let record = """
        WITH said AS MATERIALIZED (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) WITH ORDINALITY AS said
                (id, contact, channel, kind, content, provider_id, context, at, second,
                is_answer, place)
        ), named AS MATERIALIZED (
            SELECT said.place, message.id, message.campaign
            FROM said
            CROSS JOIN LATERAL (
                SELECT message FROM relais.message_reference
                WHERE workspace = (SELECT relais.current_workspace())
                    AND channel = said.channel AND provider_id = said.context
                LIMIT 1
            ) AS reference
            CROSS JOIN LATERAL (
                SELECT id, campaign FROM relais.message
                WHERE id = reference.message AND contact = said.contact
                LIMIT 1
            ) AS message
        ), origin AS MATERIALIZED (
            SELECT said.place, first.*
            FROM said LEFT JOIN named USING (place)
            CROSS JOIN LATERAL (\(first)) AS first
        ), noted AS (
            INSERT INTO relais.interaction (id, workspace, channel, contact, campaign, message,
                kind, content, provider_id, created_by, received_at)
            SELECT said.id, (SELECT relais.current_workspace()), said.channel, said.contact,
                origin.campaign, coalesce(named.id, origin.id), said.kind, said.content,
                said.provider_id, origin.created_by, said.at
            FROM said LEFT JOIN named USING (place) LEFT JOIN origin USING (place)
            ORDER BY said.channel, said.provider_id, said.kind
            ON CONFLICT DO NOTHING
            RETURNING id
        ), second AS (
            INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                recipient_kind, recipient, body, created_by)
            SELECT said.second, (SELECT relais.current_workspace()), said.channel, campaign,
                said.contact, 2, recipient_kind, recipient, follow_up, created_by
            FROM said JOIN origin USING (place)
            WHERE is_answer AND is_open AND is_in_time AND follow_up IS NOT NULL
            ORDER BY campaign, said.contact
            ON CONFLICT DO NOTHING
            RETURNING id, workspace, channel, campaign, step
        ), queued AS (
            \(Enqueue.messages(
                from: """
                    second AS message JOIN said ON said.second = message.id
                    JOIN origin USING (place) JOIN relais.channel ON channel.id = said.channel
                    """,
                due: """
                    greatest(statement_timestamp(),
                        coalesce(origin.accepted_at, statement_timestamp())
                        + make_interval(secs => channel.pair_gap_seconds))
                    """
            ))
        )
        SELECT noted.id IS NOT NULL AS is_new, second.id AS message_2, origin.campaign,
            coalesce(named.id, origin.id) AS message
        FROM said
        LEFT JOIN named USING (place)
        LEFT JOIN origin USING (place)
        LEFT JOIN noted ON noted.id = said.id
        LEFT JOIN second ON second.id = said.second
        ORDER BY said.place
        """

    /// Finds the Message 1 that an interaction answers.
    private static let first = """
        SELECT first.id, first.campaign, first.created_by, first.recipient_kind,
            first.recipient, first.follow_up, first.accepted_at,
            campaign.status IN ('running', 'paused') AS is_open,
            said.at < coalesce(first.accepted_at, said.at)
                + make_interval(secs => campaign.answer_window_seconds) AS is_in_time
        FROM relais.message AS first
        JOIN relais.campaign ON campaign.workspace = first.workspace
            AND campaign.id = first.campaign
        WHERE first.workspace = (SELECT relais.current_workspace())
            AND first.contact = said.contact AND first.channel = said.channel AND first.step = 1
            AND first.status <> 'failed' AND (first.status >= 'unknown'
                OR first.status = 'queued' AND EXISTS (
                    SELECT FROM relais.outbox WHERE outbox.message = first.id
                        AND (outbox.state <> 'ready' OR outbox.was_unknown)
                ))
            AND CASE WHEN named.id IS NOT NULL
                THEN first.campaign = named.campaign
                ELSE said.at < coalesce(first.accepted_at, said.at)
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
        """

    /// Finds the messages whose delivery an interaction may prove. A row is returned in two cases:
    ///
    /// - `context` names our message to this contact, and it is not known to have been delivered by
    ///   then. The row has the message and the attempt.
    /// - `context` names no message and no interaction that we know, and a message to this contact
    ///   on this channel may be out. The row has no message: the name may be that message's.
    static func answered(_ interactions: [Interaction]) -> Statement {
        Statement(
            """
            WITH said AS MATERIALIZED (
                SELECT * FROM unnest($1, $2, $3, $4, $5)
                    AS said (place, context, contact, channel, at)
            )
            SELECT said.place, named.id, named.attempt
            FROM said
            LEFT JOIN LATERAL (
                SELECT message.id, reference.attempt, message.contact,
                    message.status < 'delivered' OR coalesce(message.delivered_at > said.at, true)
                        AS is_news
                FROM relais.message_reference AS reference
                JOIN relais.message ON message.id = reference.message
                WHERE reference.workspace = (SELECT relais.current_workspace())
                    AND reference.channel = said.channel AND reference.provider_id = said.context
                LIMIT 1
            ) AS named ON true
            WHERE named.contact = said.contact AND named.is_news
                OR named.id IS NULL AND NOT EXISTS (
                    SELECT FROM relais.interaction
                    WHERE interaction.workspace = (SELECT relais.current_workspace())
                        AND interaction.channel = said.channel
                        AND interaction.provider_id = said.context
                ) AND EXISTS (
                    SELECT FROM relais.message
                    LEFT JOIN relais.outbox ON outbox.message = message.id
                    WHERE message.workspace = (SELECT relais.current_workspace())
                        AND message.contact = said.contact AND message.channel = said.channel
                        AND (message.status IN ('unknown', 'parked') OR message.status = 'queued'
                            AND (outbox.state <> 'ready' OR outbox.was_unknown))
                )
            """,
            .int32s(interactions.indices.map { Int32($0) }),
            .texts(interactions.map(\.context)),
            .uuids(interactions.map(\.contact)),
            .uuids(interactions.map(\.channel)),
            .timestamps(interactions.map(\.at))
        )
    }

    /// Opens the service windows, in which more than templates may be sent, and records the
    /// contacts' activity.
    static func hear(_ interactions: [Interaction]) -> Statement {
        Statement(
            """
            WITH said AS MATERIALIZED (
                SELECT * FROM unnest($1, $2, $3, $4) AS said (contact, channel, at, opens_window)
            ), held AS MATERIALIZED (
                SELECT id FROM relais.contact
                WHERE workspace = (SELECT relais.current_workspace()) AND id = ANY ($1)
                ORDER BY id FOR NO KEY UPDATE
            ), seen AS (
                UPDATE relais.contact
                SET last_activity_at = greatest(last_activity_at, said.at)
                FROM held JOIN said ON said.contact = held.id
                WHERE contact.workspace = (SELECT relais.current_workspace())
                    AND contact.id = held.id
                RETURNING contact.workspace, contact.id, said.channel, said.at, said.opens_window
            )
            INSERT INTO relais.conversation (workspace, contact, channel, last_inbound_at)
            SELECT workspace, id, channel, at FROM seen WHERE opens_window
            ORDER BY id
            ON CONFLICT (workspace, contact, channel) DO UPDATE
            SET last_inbound_at = greatest(conversation.last_inbound_at, excluded.last_inbound_at)
            """,
            .uuids(interactions.map(\.contact)),
            .uuids(interactions.map(\.channel)),
            .timestamps(interactions.map(\.at)),
            .bools(interactions.map(\.kind.opensWindow))
        )
    }
}
