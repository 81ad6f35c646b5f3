/// How far a message has come. The order is the lattice: whatever arrives, in whatever order and
/// however often, the state of a message is the greatest status seen.
///
/// `failed` stands below `delivered`: a receipt proves a delivery, and a failure reported beside
/// it was about something else.
package enum DeliveryStatus: Int, CaseIterable, Comparable, Sendable {
    case queued = 0
    case accepted = 1
    case sent = 2
    case failed = 3
    case delivered = 4
    case read = 5
    case played = 6

    package static func < (left: DeliveryStatus, right: DeliveryStatus) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The state after `other` was also seen.
    package func merged(with other: DeliveryStatus) -> DeliveryStatus { max(self, other) }
}
