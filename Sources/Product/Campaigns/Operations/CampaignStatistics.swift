internal import Database
package import FunctionContract
package import Messages

/// The message counts of a campaign.
package struct CampaignStatistics: Sendable, Equatable {
    package let counts: [MessageStatus: Int]
    /// Contacts who answered.
    package let interactions: Int

    package init(counts: [MessageStatus: Int], interactions: Int = 0) {
        self.counts = counts
        self.interactions = interactions
    }

    package var total: Int { counts.values.reduce(0, +) }

    /// Messages that the provider accepted and that are not known to have failed.
    package var succeeded: Int { counts.filter(\.key.isSuccess).values.reduce(0, +) }

    package var failed: Int { counts[.failed] ?? 0 }

    /// Succeeded out of total, in percent, to a tenth and rounded down: 100 means all messages. Nil
    /// when there are no messages.
    package var successRate: Double? {
        total == 0 ? nil : Double(succeeded * 1000 / total) / 10
    }
}

extension Campaigns {
    package func statistics(of id: UUID) throws(CampaignError) -> CampaignStatistics {
        try statistics(of: [id])[id] ?? CampaignStatistics(counts: [:])
    }

    /// The statistics of the campaigns that have messages.
    package func statistics(of ids: [UUID]) throws(CampaignError) -> [UUID: CampaignStatistics] {
        let results = try run([MessageCounts.byStatus(of: ids), MessageCounts.answers(to: ids)])
        return try CampaignError.wrap { () throws(DatabaseError) in
            var counts: [UUID: [MessageStatus: Int]] = [:]
            for row in results[0] {
                guard let status = MessageStatus(rawValue: try row.get("status")) else { continue }
                counts[try row.get("campaign"), default: [:]][status, default: 0] +=
                    try row.get("count")
            }
            var answers: [UUID: Int] = [:]
            for row in results[1] { answers[try row.get("campaign")] = try row.get("count") }
            return Dictionary(
                uniqueKeysWithValues: counts.map { id, counts in
                    (id, CampaignStatistics(counts: counts, interactions: answers[id] ?? 0))
                }
            )
        }
    }
}
