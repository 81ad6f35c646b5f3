internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// The statements about campaigns as a whole.
enum CampaignSQL {
    /// Adds a campaign. An admin's campaign goes to the admin's own contacts, whoever starts or
    /// relaunches it.
    static func add(_ campaign: Campaign) -> Statement {
        Statement(
            """
            INSERT INTO relais.campaign (id, workspace, channel, name, purpose, template, message_1,
                message_2, answer_window_seconds, variables, link_base_url, segment, tags,
                unknown_policy, relaunch_of, created_by, audience_creator)
            SELECT $1, channel.workspace, channel.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                $13, $14, coalesce((SELECT relais.current_member()), origin.created_by),
                CASE (SELECT relais.current_member_role()) WHEN 'admin'
                    THEN (SELECT relais.current_member()) ELSE origin.audience_creator END
            FROM relais.channel
            LEFT JOIN relais.campaign AS origin ON origin.id = $14
            WHERE channel.id = $2
            """,
            .uuid(campaign.id),
            .uuid(campaign.channel),
            .text(campaign.name),
            .text(campaign.purpose.rawValue),
            .uuid(campaign.templateID),
            .text(campaign.firstText),
            .text(campaign.followUp),
            .int(Int(campaign.answerWindow / .seconds(1))),
            .json(campaign.storedVariables),
            .text(campaign.linkBase),
            .text(campaign.segment),
            .texts(campaign.tags),
            .text(campaign.unknownPolicy.rawValue),
            .uuid(campaign.relaunchOf)
        )
    }

    /// Reads the categories under row-level security: nobody can write to a category that they
    /// cannot see.
    static func choose(_ categories: [UUID], for campaign: UUID) -> Statement {
        Statement(
            """
            INSERT INTO relais.campaign_category (workspace, campaign, category)
            SELECT category.workspace, $1, category.id
            FROM relais.category WHERE category.id = ANY ($2)
            """,
            .uuid(campaign),
            .uuids(categories)
        )
    }

    static func read(_ id: UUID) -> Statement {
        Statement("SELECT \(Campaign.columns) FROM relais.campaign WHERE id = $1", .uuid(id))
    }

    static func called(_ reference: String, limit: Int) -> Statement {
        Statement(
            """
            SELECT \(Campaign.columns) FROM relais.campaign
            WHERE workspace = (SELECT relais.current_workspace()) AND (id = $1 OR name = $2)
            ORDER BY id DESC LIMIT $3
            """,
            .uuid(UUID(reference)),
            .text(reference),
            .int(limit)
        )
    }

    static func page(before id: UUID?, limit: Int) -> Statement {
        Statement(
            """
            SELECT \(Campaign.columns) FROM relais.campaign
            WHERE workspace = (SELECT relais.current_workspace()) AND ($1 IS NULL OR id < $1)
            ORDER BY id DESC LIMIT $2
            """,
            .uuid(id),
            .int(limit)
        )
    }

    /// Applies a command if the campaign's status allows it; returns no row if it does not.
    static func follow(_ order: CampaignOrder, _ id: UUID, reason: Reason? = nil) -> Statement {
        Statement(
            """
            UPDATE relais.campaign
            SET status = $3 ->> status, updated_at = now(),
                reason = CASE WHEN $3 ->> status = status THEN reason ELSE $4 END,
                started_at = CASE WHEN $5 THEN now() ELSE started_at END,
                completed_at = CASE WHEN $6 THEN now() END
            WHERE id = $1 AND status = ANY ($2)
            RETURNING \(Campaign.columns), audience_creator
            """,
            .uuid(id),
            .texts(CampaignStatus.before(order).map(\.rawValue)),
            .json(transitions(of: order)),
            .json(reason?.stored),
            .bool(order == .start),
            .bool(order == .stop || order == .complete || order == .fail)
        )
    }

    /// The transitions as JSON, `{"running": "paused", …}`. The rules stay in one place, and the
    /// statement is atomic.
    private static func transitions(of order: CampaignOrder) -> String {
        let pairs = CampaignStatus.allCases.compactMap { status in
            status.after(order).map { "\"\(status.rawValue)\":\"\($0.rawValue)\"" }
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    static func schedule(_ id: UUID, at instant: Timestamp) -> Statement {
        Statement(
            """
            UPDATE relais.campaign SET scheduled_at = $2
            WHERE id = $1 AND status = ANY ($3)
            """,
            .uuid(id),
            .timestamp(instant),
            .texts(CampaignStatus.before(.schedule).map(\.rawValue))
        )
    }

    static func status(of id: UUID) -> Statement {
        Statement("SELECT status FROM relais.campaign WHERE id = $1", .uuid(id))
    }

    static func template(_ id: UUID) -> Statement {
        Statement(
            "SELECT \(TemplateForm.columns) FROM relais.template WHERE id = $1",
            .uuid(id)
        )
    }

    /// Releases a `paused` template only. A template that its provider refused for good can be
    /// allowed only by the provider.
    static func releaseTemplate(of campaign: UUID) -> Statement {
        Statement("SELECT template FROM relais.release_template($1)", .uuid(campaign))
    }

    static func provider(of channel: UUID) -> Statement {
        Statement(
            "SELECT provider, statement_timestamp() AS now FROM relais.channel WHERE id = $1",
            .uuid(channel)
        )
    }

    /// Cancels the messages that no sender has claimed. The results of the others are still
    /// recorded.
    static func cancelRemaining(of campaign: UUID) -> Statement {
        Statement(
            """
            WITH removed AS (
                DELETE FROM relais.outbox WHERE lane = $1 AND state = 'ready' RETURNING message
            )
            UPDATE relais.message SET status = 'cancelled'
            FROM removed WHERE message.id = removed.message AND message.status < 'cancelled'
            """,
            .uuid(campaign)
        )
    }

    /// Requeues failed messages to contacts who can still be written to. The attempt number
    /// continues, so a late receipt for an old attempt does not apply to a new one.
    ///
    /// A message that a person gave up may have arrived, so it is not sent again.
    static func retryFailed(of campaign: UUID) -> Statement {
        Statement(
            """
            WITH again AS (
                UPDATE relais.message
                SET status = 'queued', reason = NULL, failures = 0, failed_at = NULL,
                    accepted_at = NULL, sent_at = NULL
                FROM relais.contact
                WHERE message.workspace = (SELECT relais.current_workspace())
                    AND message.campaign = $1 AND message.status = 'failed'
                    AND contact.workspace = message.workspace AND contact.id = message.contact
                    AND contact.status = 'active' AND contact.whatsapp_verified IS NOT false
                    AND message.reason ->> 'code' IS DISTINCT FROM $2
                RETURNING message.*
            )
            \(Enqueue.messages(from: "again AS message", attempt: "message.attempts"))
            ON CONFLICT DO NOTHING
            """,
            .uuid(campaign),
            .text(Reason.abandoned.code)
        )
    }

    /// Requeues parked messages, as a person has decided. Their last attempt stays unknown: its
    /// late acceptance takes them from the queue.
    static func resendParked(of campaign: UUID) -> Statement {
        Statement(
            """
            WITH again AS (
                UPDATE relais.outbox
                SET state = 'ready', lease_until = NULL, was_unknown = true,
                    due_at = statement_timestamp()
                WHERE lane = $1 AND state = 'parked'
                RETURNING message
            )
            UPDATE relais.message SET status = 'queued', reason = NULL, failures = 0
            FROM again WHERE message.id = again.message AND message.status = 'parked'
            """,
            .uuid(campaign)
        )
    }

    static func giveUpParked(of campaign: UUID, reason: Reason) -> Statement {
        Statement(
            """
            WITH removed AS (
                DELETE FROM relais.outbox WHERE lane = $1 AND state = 'parked' RETURNING message
            )
            UPDATE relais.message SET status = 'failed', failed_at = now(), reason = $2
            FROM removed WHERE message.id = removed.message AND message.status = 'parked'
            """,
            .uuid(campaign),
            .json(reason.stored)
        )
    }

    /// Stores why a due campaign has not started yet.
    static func note(_ reason: Reason, on id: UUID) -> Statement {
        Statement(
            """
            UPDATE relais.campaign SET reason = $2, updated_at = now()
            WHERE id = $1 AND status = 'scheduled'
            """,
            .uuid(id),
            .json(reason.stored)
        )
    }
}

extension Campaign {
    fileprivate var firstText: String? {
        switch opening {
        case .text(let text): text
        case .template: nil
        }
    }
}
