internal import Database
internal import FunctionContract
internal import Providers

/// The statements that claim messages from the outbox and record the results of their attempts.
enum OutboxSQL {
    /// Reads the channel's state and locks its row until the transaction ends.
    static func gate(_ channel: UUID) -> Statement {
        Statement(
            """
            SELECT channel.status = 'active' AS is_active, state.held_until, state.lot_sent,
                state.failures, state.obstacles, statement_timestamp() AS now,
                relais.quiet_end(statement_timestamp(), channel.quiet_from, channel.quiet_until,
                    channel.timezone) AS quiet_until
            FROM relais.channel_state AS state
            JOIN relais.channel ON channel.id = state.channel
            WHERE state.channel = $1
            FOR UPDATE OF state
            """,
            .uuid(channel)
        )
    }

    /// Claims up to `limit` due messages, urgent ones first, and increments their attempt number.
    /// All open lanes get an equal share, so a large campaign does not delay a small one.
    ///
    /// `busy` and `slot` find the lanes that have due messages; their number gives the share. `due`
    /// then locks rows lane by lane and stops at the limit: it never locks more than `limit` rows.
    ///
    /// A message whose delivery was reported while it was being requeued is still claimed;
    /// `has_left` makes the sender skip it.
    ///
    /// A claim takes at most one message per contact. The contact's other waiting messages become
    /// due after the channel's pair gap. With one busy lane there are no others, and this step is
    /// skipped.
    static func claim(_ channel: UUID, limit: Int, lease: Duration) -> Statement {
        Statement(claim, .uuid(channel), .int(limit), .double(lease / .seconds(1)))
    }

    private static let claim = """
        WITH busy AS MATERIALIZED (
            SELECT id
            FROM (
                SELECT $1 AS id
                UNION ALL
                SELECT campaign.id FROM relais.campaign
                WHERE workspace = (SELECT relais.current_workspace())
                    AND channel = $1 AND status = 'running'
            ) AS open
            CROSS JOIN LATERAL (
                SELECT FROM relais.outbox WHERE lane = open.id AND lease_until IS NULL
                ORDER BY priority, due_at LIMIT 1
            ) AS waiting
        ), slot AS MATERIALIZED (
            SELECT busy.id, priority
            FROM busy
            CROSS JOIN (VALUES (0::smallint), (1::smallint), (2::smallint)) AS class (priority)
            CROSS JOIN LATERAL (
                SELECT due_at FROM relais.outbox
                WHERE lane = busy.id AND outbox.priority = class.priority
                    AND lease_until IS NULL AND due_at <= statement_timestamp()
                ORDER BY due_at LIMIT 1
            ) AS first
            ORDER BY priority, random()
        ), due AS MATERIALIZED (
            SELECT found.message, found.priority
            FROM slot
            CROSS JOIN LATERAL (
                SELECT message, priority FROM relais.outbox
                WHERE lane = slot.id AND outbox.priority = slot.priority
                    AND lease_until IS NULL AND due_at <= statement_timestamp()
                ORDER BY due_at, message
                LIMIT (SELECT ceil($2 / count(DISTINCT id)::float8) FROM slot)
                FOR UPDATE SKIP LOCKED
            ) AS found
            LIMIT $2
        ), chosen AS MATERIALIZED (
            SELECT DISTINCT ON (message.contact) message.id, message.contact
            FROM due JOIN relais.message ON message.id = due.message
            ORDER BY message.contact, due.priority, message.id
        ), gap AS MATERIALIZED (
            SELECT pair_gap_seconds AS seconds FROM relais.channel
            WHERE id = $1 AND pair_gap_seconds > 0 AND (SELECT count(*) FROM busy) > 1
        ), other AS MATERIALIZED (
            SELECT outbox.message, gap.seconds
            FROM gap
            CROSS JOIN LATERAL relais.messages_waiting(
                ARRAY (SELECT contact FROM chosen), ARRAY (SELECT id FROM busy)
            ) AS waiting
            JOIN relais.outbox ON outbox.message = waiting.message AND lease_until IS NULL
            WHERE outbox.message NOT IN (SELECT id FROM chosen)
            FOR UPDATE OF outbox SKIP LOCKED
        ), postponed AS (
            UPDATE relais.outbox
            SET due_at = greatest(due_at,
                statement_timestamp() + make_interval(secs => other.seconds))
            FROM other WHERE outbox.message = other.message
        )
        UPDATE relais.outbox
        SET state = 'sending', attempt = attempt + 1,
            lease_until = statement_timestamp() + make_interval(secs => $3)
        FROM relais.message
        CROSS JOIN LATERAL (
            SELECT status FROM relais.contact
            WHERE workspace = message.workspace AND id = message.contact LIMIT 1
        ) AS contact
        WHERE outbox.message = ANY (ARRAY (SELECT id FROM chosen)) AND message.id = outbox.message
        RETURNING message.id, outbox.attempt, message.campaign, message.contact, message.body,
            message.recipient_kind, message.recipient, message.template, message.parameters,
            message.failures, message.campaign IS NOT NULL AND contact.status <> 'active'
                OR message.status > 'failed' AS has_left, outbox.lease_until
        """

    /// Stores the pacing of a channel that sends one message at a time.
    static func pace(_ channel: UUID, lotSent: Int, heldUntil: Timestamp) -> Statement {
        Statement(
            """
            UPDATE relais.channel_state
            SET lot_sent = $2, held_until = greatest(held_until, $3)
            WHERE channel = $1
            """,
            .uuid(channel),
            .int(lotSent),
            .timestamp(heldUntil)
        )
    }

    /// Locks the campaigns until the transaction ends. A stop cancels only messages that are
    /// `ready`: without the lock it would miss messages that this transaction is requeueing.
    ///
    /// A transaction that updates campaigns later takes the stronger lock at once. Two transactions
    /// that share a lock would deadlock when both upgrade it.
    static func hold(campaigns: [UUID], toChange: Bool) -> Statement {
        Statement(
            """
            SELECT FROM relais.campaign WHERE id = ANY ($1)
            ORDER BY id \(toChange ? "FOR NO KEY UPDATE" : "FOR SHARE")
            """,
            .uuids(campaigns)
        )
    }

    /// Records the results of attempts. A result counts only if its attempt is still the message's
    /// last. It counts after the lease has ended too, because the unknown message waits for it.
    ///
    /// An acceptance also counts for a message that was requeued because its outcome was unknown.
    /// It does not count if a receipt said that this attempt failed.
    ///
    /// A message of a stopped campaign is not requeued; it is cancelled for good. A message of a
    /// campaign that has ended is failed instead: nobody reads that lane, and a person can retry
    /// it. A message that was deleted meanwhile, with its contact, gets no `message_reference`.
    static func record(_ results: [AttemptResult], on channel: UUID, grace: Duration) -> Statement {
        let names = results.flatMap { result in
            result.providerIDs.map { (result.message.reference, $0) }
        }
        return Statement(
            record,
            .uuid(channel),
            .uuids(results.map(\.message.reference.message)),
            .int32s(results.map { Int32($0.message.reference.attempt) }),
            .texts(results.map(\.fateName)),
            .doubles(results.map(\.waitSeconds)),
            .int32s(results.map { $0.countsAgainstMessage ? 1 : 0 }),
            .jsons(results.map { $0.reason?.stored }),
            .uuids(names.map(\.0.message)),
            .int32s(names.map { Int32($0.0.attempt) }),
            .texts(names.map(\.1)),
            .double(grace / .seconds(1)),
            .double(Inquiries.firstWait / .seconds(1)),
            .uuids(results.map(\.message.campaign))
        )
    }

    private static let record = """
        WITH result AS MATERIALIZED (
            SELECT message, attempt, wait, failures,
                CASE ended_as WHEN 'stopped' THEN 'cancelled' WHEN 'completed' THEN 'failed'
                    WHEN 'failed' THEN 'failed' ELSE fate END AS fate,
                CASE ended_as WHEN 'stopped' THEN NULL ELSE reason END AS reason
            FROM (
                SELECT message, attempt, fate, wait, failures, reason,
                    CASE fate WHEN 'again' THEN (
                        SELECT status FROM relais.campaign WHERE id = told.campaign
                    ) END AS ended_as
                FROM unnest($2, $3, $4, $5, $6, $7, $13)
                    AS told (message, attempt, fate, wait, failures, reason, campaign)
            ) AS told
        ), named AS (
            INSERT INTO relais.message_reference (workspace, channel, provider_id, message, attempt)
            SELECT DISTINCT ON (provider_id) (SELECT relais.current_workspace()), $1, provider_id,
                message, attempt
            FROM unnest($8, $9, $10) AS name (message, attempt, provider_id)
            CROSS JOIN LATERAL (
                SELECT FROM relais.message WHERE id = name.message LIMIT 1
            ) AS present
            ON CONFLICT DO NOTHING
        ), ended AS (
            DELETE FROM relais.outbox USING result
            WHERE outbox.message = result.message AND CASE
                WHEN outbox.state <> 'ready' THEN outbox.attempt = result.attempt
                    AND result.fate IN ('accepted', 'failed', 'cancelled')
                WHEN outbox.was_unknown AND result.fate = 'accepted' THEN
                    outbox.attempt >= result.attempt AND result.attempt > (
                        SELECT returned_attempt FROM relais.message
                        WHERE message.id = result.message
                    )
                ELSE false
                END
            RETURNING outbox.message
        ), returned AS (
            UPDATE relais.outbox
            SET state = 'ready', lease_until = NULL,
                due_at = statement_timestamp() + make_interval(secs => result.wait)
            FROM result
            WHERE outbox.message = result.message AND outbox.attempt = result.attempt
                AND outbox.state <> 'ready'
                AND result.fate = 'again'
            RETURNING outbox.message
        ), lost AS (
            UPDATE relais.outbox
            SET state = 'unknown', due_at = statement_timestamp() + make_interval(secs => $12),
                lease_until = statement_timestamp() + make_interval(secs => $11)
            FROM result
            WHERE outbox.message = result.message AND outbox.attempt = result.attempt
                AND outbox.state = 'sending'
                AND result.fate = 'unknown'
            RETURNING outbox.message
        ), held AS MATERIALIZED (
            SELECT message FROM ended
            UNION ALL SELECT message FROM returned
            UNION ALL SELECT message FROM lost
        )
        UPDATE relais.message
        SET attempts = result.attempt,
            reason = CASE WHEN status > 'failed' THEN message.reason ELSE result.reason END,
            failures = message.failures + result.failures,
            status = CASE
                WHEN status IN ('unknown', 'parked') AND fate = 'again' THEN 'queued'
                WHEN status IN ('unknown', 'parked') AND fate = 'cancelled' THEN 'cancelled'
                WHEN fate = 'again' THEN status
                ELSE greatest(status, fate::relais.message_status) END,
            accepted_at = CASE fate
                WHEN 'accepted' THEN coalesce(accepted_at, statement_timestamp())
                ELSE accepted_at END,
            failed_at = CASE fate WHEN 'failed' THEN statement_timestamp() ELSE failed_at END
        FROM result
        WHERE message.id = result.message AND result.message IN (SELECT message FROM held)
        """

    /// Sets claimed messages back to `ready` if their sending did not begin. In a stopped campaign
    /// they are cancelled.
    ///
    /// A message that became `unknown` because its lease ended is released too: it was certainly
    /// not sent. A message whose claim is doubtful is released only if the row still has that
    /// claim's lease.
    static func release(_ messages: [ClaimedMessage]) -> Statement {
        Statement(
            release,
            .uuids(messages.map(\.reference.message)),
            .int32s(messages.map { Int32($0.reference.attempt) }),
            .uuids(messages.map(\.campaign)),
            .timestamps(messages.map { $0.isDoubtful ? $0.leaseUntil : nil })
        )
    }

    private static let release = """
        WITH held AS MATERIALIZED (
            SELECT outbox.message, outbox.attempt,
                coalesce((
                    SELECT status = 'stopped' FROM relais.campaign WHERE id = told.campaign
                ), false) AS is_stopped
            FROM unnest($1, $2, $3, $4) AS told (message, attempt, campaign, lease)
            CROSS JOIN LATERAL (
                SELECT message, attempt FROM relais.outbox
                WHERE outbox.message = told.message AND outbox.attempt = told.attempt
                    AND (outbox.state = 'sending'
                            AND outbox.lease_until = coalesce(told.lease, outbox.lease_until)
                        OR outbox.state = 'unknown' AND told.lease IS NULL)
                ORDER BY message LIMIT 1
                FOR UPDATE
            ) AS outbox
        ), ended AS (
            DELETE FROM relais.outbox USING held
            WHERE outbox.message = held.message AND held.is_stopped
            RETURNING outbox.message
        ), returned AS (
            UPDATE relais.outbox SET state = 'ready', lease_until = NULL
            FROM held
            WHERE outbox.message = held.message AND NOT held.is_stopped
            RETURNING outbox.message
        ), changed AS MATERIALIZED (
            SELECT message, 'cancelled'::relais.message_status AS status FROM ended
            UNION ALL SELECT message, 'queued' FROM returned
        )
        UPDATE relais.message SET status = changed.status, reason = NULL
        FROM changed
        WHERE message.id = changed.message AND message.status < 'accepted'
            AND message.status <> changed.status
        """
}
