package import Work

extension Retention {
    /// Deletes orphaned statuses. Settling deletes most of them sooner.
    package static let ofDeliveries = [
        Rule(table: "relais.orphan_status", ageColumn: "received_at", days: 1)
    ]
}
