package import Work

extension Retention {
    /// The retention rules for webhooks that were read, and for link clicks.
    package static let ofWebhooks = [
        Rule(table: "relais.webhook_inbox", ageColumn: "processed_at", days: 30),
        Rule(table: "relais.link_click", ageColumn: "clicked_at", days: 400),
    ]
}
