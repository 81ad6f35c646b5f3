package import Providers

/// How far a message has come. The cases are in ascending order, the same as in the database. The
/// greatest status reported wins, so the order and number of reports do not matter.
package enum MessageStatus: String, CaseIterable, Comparable, Sendable {
    case queued
    /// It was cancelled before it was sent.
    case cancelled
    /// Nobody knows whether it was sent.
    case unknown
    /// Unknown for longer than the grace period: a person decides.
    case parked
    case accepted
    case sent
    case failed
    case delivered
    case read
    case played

    /// A message that is queued at its provider counts as accepted.
    package init(_ status: DeliveryStatus) {
        self =
            switch status {
            case .queued, .accepted: .accepted
            case .sent: .sent
            case .failed: .failed
            case .delivered: .delivered
            case .read: .read
            case .played: .played
            }
    }

    package var french: String {
        switch self {
        case .queued: "en file"
        case .cancelled: "annulé"
        case .unknown: "incertain"
        case .parked: "à décider"
        case .accepted: "accepté"
        case .sent: "envoyé"
        case .failed: "échoué"
        case .delivered: "remis"
        case .read: "lu"
        case .played: "écouté"
        }
    }

    package static func < (left: MessageStatus, right: MessageStatus) -> Bool {
        left.rank < right.rank
    }

    /// The provider accepted it, and no failure is known.
    package var isSuccess: Bool {
        switch self {
        case .accepted, .sent, .delivered, .read, .played: true
        case .queued, .cancelled, .unknown, .parked, .failed: false
        }
    }

    /// No worker will do anything more about it.
    package var isTerminal: Bool {
        switch self {
        case .queued, .unknown: false
        case .cancelled, .parked, .accepted, .sent, .failed, .delivered, .read, .played: true
        }
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
