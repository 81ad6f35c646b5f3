package import Work

extension Retention {
    /// What goes of the webhooks that were read.
    package static let ofWebhooks = [
        Rule(table: "relais.webhook_inbox", ageColumn: "processed_at", days: 30),
        Rule(table: "relais.link_click", ageColumn: "clicked_at", days: 400),
    ]
}
