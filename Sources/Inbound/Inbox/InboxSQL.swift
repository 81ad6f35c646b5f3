internal import Database
internal import Providers

/// The statements about webhooks that wait to be read.
enum InboxSQL {
    /// A second delivery of the same bytes is no second row.
    static func keep(
        _ delivery: WebhookDelivery,
        at address: WebhookAddress,
        in workspace: UUID
    ) -> Statement {
        Statement(
            """
            INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (channel, dedupe_key) DO NOTHING
            """,
            .uuid(.v7()),
            .uuid(workspace),
            .uuid(address.channel),
            .text(address.provider.rawValue),
            .text(delivery.dedupeKey),
            .bytes(delivery.body)
        )
    }
}
