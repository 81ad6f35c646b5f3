package import Work

extension Retention {
    /// Deletes orphaned statuses, most of which settling deletes sooner, and the figures of days
    /// that are two years old.
    package static let ofDeliveries = [
        Rule(table: "relais.orphan_status", ageColumn: "received_at", days: 1),
        Rule(table: "relais.channel_day", ageColumn: "day", days: 731),
    ]
}
