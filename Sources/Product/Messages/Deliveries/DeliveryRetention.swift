package import Work

extension Retention {
    /// What goes of the statuses that no message ever came for; settling forgets most of them
    /// sooner.
    package static let ofDeliveries = [
        Rule(table: "relais.orphan_status", ageColumn: "received_at", days: 1)
    ]
}
