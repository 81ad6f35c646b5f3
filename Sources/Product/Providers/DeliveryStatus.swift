/// How far a message has come. The statuses are ordered. The state of a message is the greatest
/// status received, whatever the order and number of the receipts.
///
/// `failed` is lower than `delivered`: a receipt proves a delivery, so a failure reported beside it
/// has another cause.
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

    /// The state of the message after `other` was also received.
    package func merged(with other: DeliveryStatus) -> DeliveryStatus { max(self, other) }
}
