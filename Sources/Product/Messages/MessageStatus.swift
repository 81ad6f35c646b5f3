package import Providers

/// How far a message has come. The order is the lattice, the same as in the database: whatever is
/// learned, in whatever order and however often, the status is the greatest seen.
package enum MessageStatus: String, CaseIterable, Comparable, Sendable {
    case queued
    /// The campaign was stopped before it went out.
    case cancelled
    /// Neither sent nor failed, as far as anyone knows.
    case unknown
    /// Unknown for so long that a person decides.
    case parked
    case accepted
    case sent
    case failed
    case delivered
    case read
    case played

    /// What waits at its provider is in the provider's hands.
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

    /// The provider took it, and nothing speaks against its arrival.
    package var isSuccess: Bool {
        switch self {
        case .accepted, .sent, .delivered, .read, .played: true
        case .queued, .cancelled, .unknown, .parked, .failed: false
        }
    }

    /// Nothing more is to be done about it.
    package var isTerminal: Bool {
        switch self {
        case .queued, .unknown: false
        case .cancelled, .parked, .accepted, .sent, .failed, .delivered, .read, .played: true
        }
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
