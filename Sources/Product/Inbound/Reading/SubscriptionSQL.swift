internal import Campaigns
internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// The effects of an opt-out or opt-in besides the contact's status.
enum SubscriptionSQL {
    private typealias Kind = Interaction.Kind

    /// Records a change of the contact's WhatsApp marketing setting. It is not a message, so it
    /// opens no window. Returns a row when it is new.
    static func note(
        _ preference: MarketingPreference,
        of contact: UUID,
        on channel: UUID,
        key: String,
        at: Timestamp
    ) -> Statement {
        Statement(
            """
            INSERT INTO relais.interaction
                (id, workspace, channel, contact, kind, content, provider_id, received_at)
            VALUES ($1, (SELECT relais.current_workspace()), $2, $3, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            .uuid(.v7()),
            .uuid(channel),
            .uuid(contact),
            .text((preference.allowsMarketing ? Kind.optIn : .optOut).rawValue),
            .text(preference.detail?.storable),
            .text(key),
            .timestamp(at)
        )
    }

    /// Queues the confirmation of an opt-out, in the contact's language. It is sent once, even if
    /// the contact opts out several times within a day, and only if the contact is still
    /// unsubscribed. Returns a row when it was queued.
    static func confirm(
        _ contact: UUID,
        on channel: UUID,
        to recipient: ContactIdentity,
        at: Timestamp
    ) -> Statement {
        Statement(
            confirm,
            .uuid(.v7()),
            .uuid(channel),
            .uuid(contact),
            .text(recipient.kind.rawValue),
            .text(recipient.value),
            .text(Farewell.french),
            .text(Farewell.english),
            .timestamp(at)
        )
    }

    private static let confirm = """
        WITH farewell AS (
            INSERT INTO relais.message
                (id, workspace, channel, contact, step, recipient_kind, recipient, body)
            SELECT $1, workspace, $2, id, 0, $4, $5,
                CASE WHEN language LIKE 'en%' THEN $7 ELSE $6 END
            FROM relais.contact
            WHERE workspace = (SELECT relais.current_workspace()) AND id = $3
                AND status = 'unsubscribed'
                AND (
                    SELECT count(*) FROM relais.interaction
                    WHERE interaction.workspace = contact.workspace
                        AND interaction.contact = contact.id AND kind = 'opt_out'
                        AND received_at > $8 - interval '1 day'
                        AND received_at < $8 + interval '1 day'
                ) = 1
            RETURNING id, workspace, channel, campaign, step
        )
        \(Enqueue.messages(from: "farewell AS message"))
        RETURNING message
        """

    /// Cancels the waiting campaign messages of contacts who unsubscribed.
    static func cancel(_ contacts: [UUID]) -> Statement {
        Statement(
            """
            WITH gone AS (
                SELECT message.id FROM relais.message
                JOIN relais.contact ON contact.workspace = message.workspace
                    AND contact.id = message.contact AND contact.status = 'unsubscribed'
                JOIN relais.outbox ON outbox.message = message.id AND outbox.state = 'ready'
                WHERE message.workspace = (SELECT relais.current_workspace())
                    AND message.contact = ANY ($1) AND message.campaign IS NOT NULL
                ORDER BY message.id FOR UPDATE OF message, outbox
            ), cancelled AS (
                UPDATE relais.message SET status = greatest(status, 'cancelled'), reason = $2
                FROM gone WHERE message.id = gone.id
            )
            DELETE FROM relais.outbox USING gone WHERE outbox.message = gone.id
            """,
            .uuids(contacts),
            .json(Farewell.reason.stored)
        )
    }
}

/// The confirmation of an opt-out.
enum Farewell {
    static let french = """
        Vous êtes désabonné(e) : vous ne recevrez plus nos messages. \
        Répondez REPRENDRE pour les recevoir à nouveau.
        """

    static let english = """
        You are unsubscribed: you will get no more messages from us. \
        Reply START to get them again.
        """

    static let reason = Reason(
        code: "unsubscribed",
        french: "Le contact s'est désabonné avant l'envoi.",
        english: "The contact unsubscribed before it was sent."
    )
}
