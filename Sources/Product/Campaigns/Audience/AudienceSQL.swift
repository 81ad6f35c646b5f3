internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// The statements that read an audience and write its messages, one page at a time.
enum AudienceSQL {
    /// A page of contacts in the order of their ids. Each page begins after the last id of the one
    /// before.
    static func page(
        of campaign: Campaign,
        creator: UUID?,
        after id: UUID?,
        limit: Int
    ) -> Statement {
        Statement(
            """
            SELECT contact.id, contact.status, contact.opted_in_at IS NOT NULL AS has_opted_in,
                contact.whatsapp_verified, contact.phone, contact.first_name, contact.last_name,
                contact.email, contact.language, contact.attributes, conversation.last_inbound_at,
                identity.kinds, identity.names
            FROM relais.contact
            LEFT JOIN relais.conversation ON conversation.workspace = contact.workspace
                AND conversation.contact = contact.id AND conversation.channel = $7
            CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(kind ORDER BY created_at, value), '{}') AS kinds,
                    coalesce(array_agg(value ORDER BY created_at, value), '{}') AS names
                FROM relais.contact_identity
                WHERE contact_identity.workspace = contact.workspace
                    AND contact_identity.contact = contact.id
                    AND (kind <> 'provider_contact_id' OR contact_identity.channel = $7)
            ) AS identity
            WHERE contact.workspace = (SELECT relais.current_workspace())
                AND contact.merged_into IS NULL
                AND ($1 IS NULL OR contact.id > $1)
                AND (cardinality($2) = 0 OR EXISTS (
                    SELECT FROM relais.category_member AS member
                    WHERE member.workspace = contact.workspace AND member.contact = contact.id
                        AND member.category = ANY ($2)
                ))
                AND ($3 IS NULL OR contact.segment = $3)
                AND (cardinality($4) = 0 OR contact.tags && $4)
                AND ($5 IS NULL OR contact.created_by = $5)
            ORDER BY contact.id LIMIT $6
            """,
            .uuid(id),
            .uuids(campaign.categories),
            .text(campaign.segment),
            .texts(campaign.tags),
            .uuid(creator),
            .int(limit),
            .uuid(campaign.channel)
        )
    }

    /// Adds the messages and their outbox rows.
    static func add(_ messages: [FirstMessage], to campaign: Campaign) -> Statement {
        Statement(
            """
            WITH message AS (
                INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                    recipient_kind, recipient, body, template, parameters, follow_up, created_by)
                SELECT id, (SELECT relais.current_workspace()), $8, $9, contact, 1, recipient_kind,
                    recipient, body, $10, parameters, follow_up, $11
                FROM unnest($1, $2, $3, $4, $5, $6, $7) AS new (id, contact, recipient_kind,
                    recipient, body, parameters, follow_up)
                RETURNING id, workspace, channel, campaign, step
            )
            \(Enqueue.messages(from: "message"))
            """,
            .uuids(messages.map(\.id)),
            .uuids(messages.map(\.contact)),
            .texts(messages.map(\.addressee.kind.rawValue)),
            .texts(messages.map(\.addressee.value)),
            .texts(messages.map(\.body)),
            .jsons(messages.map { $0.parameters.map(stored) }),
            .texts(messages.map(\.followUp)),
            .uuid(campaign.channel),
            .uuid(campaign.id),
            .uuid(campaign.templateID),
            .uuid(campaign.createdBy)
        )
    }

    private static func stored(_ parameters: [String]) -> String {
        JSON.array(parameters.map { .string($0) }).text
    }

    static func exclude(
        _ exclusions: [(contact: UUID, exclusion: Exclusion)],
        from campaign: UUID
    ) -> Statement {
        Statement(
            """
            INSERT INTO relais.campaign_exclusion (workspace, campaign, contact, reason, detail)
            SELECT (SELECT relais.current_workspace()), $4, contact, reason, detail
            FROM unnest($1, $2, $3) AS new (contact, reason, detail)
            """,
            .uuids(exclusions.map(\.contact)),
            .texts(exclusions.map(\.exclusion.reason.rawValue)),
            .texts(exclusions.map(\.exclusion.detail)),
            .uuid(campaign)
        )
    }

    static func add(_ links: [WebLink], to campaign: UUID) -> Statement {
        Statement(
            """
            INSERT INTO relais.link (workspace, campaign, position, url)
            SELECT (SELECT relais.current_workspace()), $2, place - 1, url
            FROM unnest($1) WITH ORDINALITY AS new (url, place)
            """,
            .texts(links.map(\.text)),
            .uuid(campaign)
        )
    }

    static func count(_ recipients: Int, _ excluded: Int, of campaign: UUID) -> Statement {
        Statement(
            """
            UPDATE relais.campaign SET total_recipients = $2, excluded_count = $3 WHERE id = $1
            """,
            .uuid(campaign),
            .int(recipients),
            .int(excluded)
        )
    }
}

extension Campaign {
    var templateID: UUID? {
        switch opening {
        case .text: nil
        case .template(let id): id
        }
    }
}
