internal import Database
internal import FunctionContract
internal import Providers

/// The statements that apply provider reports to messages.
///
/// Every statement changes messages in the order of their ids. A sender and a webhook that change
/// the same messages therefore cannot deadlock.
enum DeliverySQL {
    /// Applies any number of notes in one statement.
    ///
    /// A note with an unknown provider id is kept as an orphan while the channel has a message that
    /// is `sending` or `unknown`. The answer to that send may still bring the id. At other times
    /// somebody wrote that message on the phone. An echo of an unknown id always is such a message.
    ///
    /// A failure counts only for the attempt that it was reported for, and only while no other
    /// attempt follows. Every other status means that the message was sent, so nothing is left to
    /// send.
    ///
    /// A failure that has a remedy is not applied here; `find` returns its message.
    static func apply(_ notes: [DeliveryNote], on channel: UUID) -> Statement {
        Statement(apply, parameters(notes, channel))
    }

    /// The messages that the notes are about, with the attempt and the index of the note.
    static func find(_ notes: [DeliveryNote], on channel: UUID) -> Statement {
        Statement("WITH \(known) SELECT place, id, attempt FROM known", parameters(notes, channel))
    }

    private static func parameters(_ notes: [DeliveryNote], _ channel: UUID) -> [Parameter] {
        let names = notes.enumerated().flatMap { place, note in
            note.providerIDs.map { (place: Int32(place), id: $0) }
        }
        return [
            .uuid(channel),
            .int32s((0..<notes.count).map { Int32($0) }),
            .uuids(notes.map(\.reference?.message)),
            .int32s(notes.map { $0.reference.map { Int32($0.attempt) } }),
            .texts(notes.map(\.status.rawValue)),
            .timestamps(notes.map(\.at)),
            .jsons(notes.map { $0.reason?.stored }),
            .bools(notes.map { $0.remedy != nil }),
            .int32s(names.map(\.place)),
            .texts(names.map(\.id)),
            .bools(notes.map(\.isEcho)),
            .int(Deliveries.orphanCount),
        ]
    }

    /// Looks up each provider id and each message by itself, in a subquery with a limit or by an
    /// array of ids. The planner has no statistics about a table that a campaign has just filled,
    /// so it plans joins badly. Measured with 250 notes, 20,000 messages and no statistics: 2,400
    /// ms with joins, 15 ms like this.
    private static let known = """
        note AS MATERIALIZED (
            SELECT place, message, attempt, status::relais.message_status, at, reason, has_remedy,
                is_echo
            FROM unnest($2, $3, $4, $5, $6, $7, $8, $11) AS note (place, message, attempt, status,
                at, reason, has_remedy, is_echo)
        ), name AS MATERIALIZED (
            SELECT place, provider_id FROM unnest($9, $10) AS name (place, provider_id)
        ), meant AS MATERIALIZED (
            SELECT name.place, reference.message, reference.attempt
            FROM name
            CROSS JOIN LATERAL (
                SELECT message, attempt FROM relais.message_reference
                WHERE workspace = (SELECT relais.current_workspace())
                    AND channel = $1 AND provider_id = name.provider_id
                LIMIT 1
            ) AS reference
            UNION ALL
            SELECT place, message, attempt FROM note WHERE message IS NOT NULL
        ), known AS MATERIALIZED (
            SELECT DISTINCT ON (note.place) note.place, message.id, message.attempts,
                message.returned_attempt, meant.attempt, note.status, note.at, note.reason,
                note.has_remedy
            FROM note
            JOIN meant USING (place)
            CROSS JOIN LATERAL (
                SELECT id, attempts, returned_attempt FROM relais.message
                WHERE id = meant.message AND channel = $1
                LIMIT 1
            ) AS message
            ORDER BY note.place, meant.attempt DESC
        )
        """

    private static let apply = """
        WITH \(known), orphan AS (
            INSERT INTO relais.orphan_status
                (workspace, channel, provider_id, status, occurred_at, reason)
            SELECT DISTINCT ON (provider_id, status) (SELECT relais.current_workspace()), $1,
                provider_id, status, at, reason
            FROM note JOIN name USING (place)
            WHERE place NOT IN (SELECT place FROM known) AND NOT is_echo
                AND (SELECT relais.awaits_names($1))
                AND (
                    SELECT count(*) < $12
                    FROM (
                        SELECT FROM relais.orphan_status
                        WHERE workspace = (SELECT relais.current_workspace()) AND channel = $1
                        LIMIT $12
                    ) AS kept
                )
            ON CONFLICT DO NOTHING
        ), reference AS (
            INSERT INTO relais.message_reference
                (workspace, channel, provider_id, message, attempt)
            SELECT DISTINCT ON (provider_id) (SELECT relais.current_workspace()), $1, provider_id,
                known.id, known.attempt
            FROM known JOIN name USING (place)
            ON CONFLICT DO NOTHING
        ), \(news)
        \(move)
        """

    /// From `known`, the reports that count, by message:
    ///
    /// - `accepted` and `sent` are ignored for an attempt that is already known to have failed.
    /// - `failed` counts for the last attempt only, and not once the message waits for its next
    ///   one.
    /// - `delivered` or better always counts, and removes the message from the outbox.
    private static let news = """
        news AS MATERIALIZED (
            SELECT known.id, max(known.attempt) AS attempt, max(known.status) AS status,
                min(at) AS accepted_at,
                min(at) FILTER (WHERE known.status = 'sent') AS sent_at,
                min(at) FILTER (WHERE known.status = 'delivered') AS delivered_at,
                min(at) FILTER (WHERE known.status IN ('read', 'played')) AS read_at,
                min(at) FILTER (WHERE known.status = 'failed') AS failed_at,
                (array_agg(known.reason ORDER BY known.status DESC))[1] AS reason
            FROM known
            LEFT JOIN LATERAL (
                SELECT attempt, state FROM relais.outbox WHERE message = known.id LIMIT 1
            ) AS waiting ON true
            WHERE NOT known.has_remedy AND CASE
                WHEN known.status > 'failed' THEN true
                WHEN known.status < 'failed' THEN known.attempt > known.returned_attempt
                ELSE known.attempt >= coalesce(waiting.attempt, known.attempts)
                    AND coalesce(waiting.state, '') <> 'ready'
                END
            GROUP BY known.id
            ORDER BY known.id
        ), settled AS (
            DELETE FROM relais.outbox USING news
            WHERE outbox.message = ANY (ARRAY (SELECT id FROM news))
                AND outbox.message = news.id
                AND (outbox.attempt <= news.attempt OR news.status > 'failed')
        )
        """

    private static let move = """
        UPDATE relais.message
        SET status = greatest(message.status, news.status),
            attempts = greatest(message.attempts, news.attempt),
            accepted_at = least(message.accepted_at, news.accepted_at),
            sent_at = least(message.sent_at, news.sent_at),
            delivered_at = least(message.delivered_at, news.delivered_at),
            read_at = least(message.read_at, news.read_at),
            failed_at = least(message.failed_at, news.failed_at),
            reason = CASE WHEN news.status > message.status THEN news.reason
                ELSE message.reason END
        FROM news
        WHERE message.id = ANY (ARRAY (SELECT id FROM news)) AND message.id = news.id
            AND (news.status > message.status
                OR news.accepted_at < coalesce(message.accepted_at, 'infinity')
                OR news.sent_at < coalesce(message.sent_at, 'infinity')
                OR news.delivered_at < coalesce(message.delivered_at, 'infinity')
                OR news.read_at < coalesce(message.read_at, 'infinity')
                OR news.failed_at < coalesce(message.failed_at, 'infinity'))
        RETURNING message.id, message.campaign, message.contact, message.status::text AS status
        """

    /// Applies the channel's orphans with these provider ids whose message is now known. Failures
    /// are left to `takeFailures`.
    static func reunite(_ names: [String], on channel: UUID) -> Statement {
        Statement(
            reunite("AND orphan.channel = $2 AND orphan.provider_id = ANY ($1)"),
            .texts(names),
            .uuid(channel)
        )
    }

    /// Applies all orphans of the workspace whose message is now known, except failures.
    static let reuniteAll = Statement(reunite(""))

    private static func reunite(_ condition: String) -> String {
        """
        WITH found AS MATERIALIZED (
            SELECT orphan.channel, orphan.provider_id, orphan.status, reference.message,
                reference.attempt, orphan.occurred_at, orphan.reason
            FROM relais.orphan_status AS orphan
            CROSS JOIN LATERAL (
                SELECT message, attempt FROM relais.message_reference
                WHERE workspace = orphan.workspace AND channel = orphan.channel
                    AND provider_id = orphan.provider_id
                LIMIT 1
            ) AS reference
            WHERE orphan.workspace = (SELECT relais.current_workspace())
                \(condition) AND orphan.status <> 'failed'
        ), removed AS (
            DELETE FROM relais.orphan_status AS orphan USING found
            WHERE orphan.workspace = (SELECT relais.current_workspace())
                AND orphan.channel = found.channel AND orphan.provider_id = found.provider_id
                AND orphan.status = found.status
        ), known AS MATERIALIZED (
            SELECT message.id, message.attempts, message.returned_attempt, found.attempt,
                found.status, found.occurred_at AS at, found.reason, false AS has_remedy
            FROM found
            CROSS JOIN LATERAL (
                SELECT id, attempts, returned_attempt FROM relais.message
                WHERE id = found.message LIMIT 1
            ) AS message
        ), \(news)
        \(move)
        """
    }

    /// Removes and returns the orphaned failures whose message is now known.
    static let takeFailures = Statement(
        """
        DELETE FROM relais.orphan_status AS orphan USING relais.channel
        WHERE orphan.workspace = (SELECT relais.current_workspace()) AND orphan.status = 'failed'
            AND channel.id = orphan.channel
            AND EXISTS (
                SELECT FROM relais.message_reference AS reference
                WHERE reference.workspace = orphan.workspace
                    AND reference.channel = orphan.channel
                    AND reference.provider_id = orphan.provider_id
            )
        RETURNING orphan.channel, channel.provider, orphan.provider_id, orphan.occurred_at,
            orphan.reason
        """
    )

    /// Deletes old orphans: their message is not ours.
    static func forget(before instant: Timestamp) -> Statement {
        Statement(
            """
            DELETE FROM relais.orphan_status
            WHERE workspace = (SELECT relais.current_workspace()) AND received_at < $1
            """,
            .timestamp(instant)
        )
    }

    /// Marks contacts as not on WhatsApp, or as unsubscribed.
    static func consequences(undeliverable: [UUID], optedOut: [UUID]) -> Statement {
        Statement(
            """
            UPDATE relais.contact
            SET whatsapp_verified = CASE WHEN id = ANY ($1) THEN false ELSE whatsapp_verified END,
                verified_at = CASE WHEN id = ANY ($1) THEN now() ELSE verified_at END,
                status = CASE WHEN id = ANY ($2) AND status = 'active' THEN 'unsubscribed'
                    ELSE status END,
                status_changed_at = CASE WHEN id = ANY ($2) AND status = 'active' THEN now()
                    ELSE status_changed_at END,
                opted_in_at = CASE WHEN id = ANY ($2) THEN NULL ELSE opted_in_at END
            WHERE workspace = (SELECT relais.current_workspace()) AND id = ANY ($1 || $2)
            """,
            .uuids(undeliverable),
            .uuids(optedOut)
        )
    }
}

extension DeliverySQL {
    /// The contacts of the messages, by the provider's ids of the messages.
    static func contacts(of messages: [UUID], named names: [String]) -> Statement {
        Statement(
            """
            SELECT reference.provider_id, message.contact
            FROM relais.message_reference AS reference
            JOIN relais.message ON message.id = reference.message
            WHERE reference.message = ANY ($1) AND reference.provider_id = ANY ($2)
            """,
            .uuids(messages),
            .texts(names)
        )
    }
}
