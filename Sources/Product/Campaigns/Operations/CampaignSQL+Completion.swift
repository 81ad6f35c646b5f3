internal import Database
internal import FunctionContract

// When a campaign is done.

extension CampaignSQL {
    /// Locks the campaign until the transaction ends. A transaction that requeues its messages
    /// locks it as well, so the next statement sees all of them.
    static func hold(_ id: UUID) -> Statement {
        Statement("SELECT FROM relais.campaign WHERE id = $1 FOR NO KEY UPDATE", .uuid(id))
    }

    /// Completes a campaign that has nothing left to send or settle and no answer left to wait for.
    /// The search for an awaited answer ends at the first one found.
    static func complete(_ id: UUID) -> Statement { Statement(complete, .uuid(id)) }

    private static let complete = """
        UPDATE relais.campaign
        SET completed_at = now(), updated_at = now(),
            status = CASE WHEN EXISTS (
                SELECT FROM relais.message
                WHERE message.workspace = campaign.workspace AND message.campaign = campaign.id
                    AND status <> 'failed' AND status >= 'parked'
            ) THEN 'completed' ELSE 'failed' END
        WHERE id = $1 AND status = 'running' AND NOT \(isSending)
            AND (message_2 IS NULL OR NOT EXISTS (
                SELECT FROM relais.message AS first
                WHERE first.workspace = campaign.workspace AND first.campaign = campaign.id
                    AND first.step = 1 AND first.status >= 'accepted' AND first.status <> 'failed'
                    AND first.accepted_at
                        > now() - make_interval(secs => campaign.answer_window_seconds)
                    AND NOT EXISTS (
                        SELECT FROM relais.message AS second
                        WHERE second.workspace = first.workspace
                            AND second.campaign = first.campaign
                            AND second.contact = first.contact AND second.step = 2
                    )
            ))
        RETURNING id
        """

    /// The campaign's answer window, if it waits for nothing but answers.
    static func awaiting(_ id: UUID) -> Statement {
        Statement(
            """
            SELECT answer_window_seconds FROM relais.campaign
            WHERE id = $1 AND status = 'running' AND NOT \(isSending)
            """,
            .uuid(id)
        )
    }

    /// Whether messages are left to send or settle. Parked messages do not count: they wait for a
    /// person, and the campaign does not wait for them.
    private static let isSending = """
        (EXISTS (
            SELECT FROM relais.outbox
            WHERE outbox.workspace = campaign.workspace AND lane = campaign.id
                AND lease_until IS NULL
            ORDER BY priority, due_at LIMIT 1
        ) OR EXISTS (
            SELECT FROM relais.outbox
            WHERE outbox.workspace = campaign.workspace AND lane = campaign.id
                AND state IN ('sending', 'unknown')
            LIMIT 1
        ))
        """
}
