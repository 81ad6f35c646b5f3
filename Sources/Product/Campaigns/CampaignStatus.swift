/// The status of a campaign.
package enum CampaignStatus: String, CaseIterable, Sendable {
    case draft
    case scheduled
    case running
    case paused
    case completed
    case failed
    case stopped

    package var french: String {
        switch self {
        case .draft: "brouillon"
        case .scheduled: "programmée"
        case .running: "en cours"
        case .paused: "en pause"
        case .completed: "terminée"
        case .failed: "échouée"
        case .stopped: "arrêtée"
        }
    }

    /// The status after a command; nil if this status does not allow it.
    package func after(_ order: CampaignOrder) -> CampaignStatus? {
        switch (self, order) {
        case (.draft, .schedule), (.scheduled, .schedule): .scheduled
        case (.draft, .start), (.scheduled, .start): .running
        case (.running, .pause): .paused
        case (.paused, .resume): .running
        case (.scheduled, .stop), (.running, .stop), (.paused, .stop): .stopped
        case (.running, .complete): .completed
        case (.draft, .fail), (.scheduled, .fail), (.running, .fail): .failed
        case (.running, .retry), (.paused, .retry): self
        case (.completed, .retry), (.failed, .retry): .running
        case (.draft, _), (.scheduled, _), (.running, _), (.paused, _), (.completed, _),
            (.failed, _), (.stopped, _):
            nil
        }
    }

    /// The statuses that allow the command.
    static func before(_ order: CampaignOrder) -> [CampaignStatus] {
        allCases.filter { $0.after(order) != nil }
    }
}

/// A command to a campaign, from a person or from the system.
package enum CampaignOrder: String, CaseIterable, Sendable {
    case schedule
    case start
    case pause
    case resume
    case stop
    /// Sends the failed messages again.
    case retry
    case complete
    case fail
}
