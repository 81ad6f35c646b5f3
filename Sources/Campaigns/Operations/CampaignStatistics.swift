package import Database

/// How a campaign stands.
package struct CampaignStatistics: Sendable, Equatable {
    package let counts: [MessageStatus: Int]
    /// Contacts who answered.
    package let interactions: Int

    package init(counts: [MessageStatus: Int], interactions: Int = 0) {
        self.counts = counts
        self.interactions = interactions
    }

    package var total: Int { counts.values.reduce(0, +) }

    /// The provider took them, and nothing speaks against their arrival.
    package var succeeded: Int { counts.filter(\.key.isSuccess).values.reduce(0, +) }

    package var failed: Int { counts[.failed] ?? 0 }

    /// Succeeded out of total, in percent.
    package var successRate: Double {
        total == 0 ? 0 : Double(succeeded) / Double(total) * 100
    }
}

extension Campaigns {
    package func statistics(of id: UUID) throws(CampaignError) -> CampaignStatistics {
        let results = try run([Self.counts(of: id), Self.answers(to: id)])
        return try CampaignError.wrap { () throws(DatabaseError) in
            var counts: [MessageStatus: Int] = [:]
            for row in results[0] {
                guard let status = MessageStatus(rawValue: try row.get("status")) else { continue }
                counts[status] = try row.get("count")
            }
            return CampaignStatistics(counts: counts, interactions: try results[1][0].get("count"))
        }
    }

    private static func counts(of id: UUID) -> Statement {
        Statement(
            """
            SELECT status::text AS status, count(*) AS count FROM relais.message
            WHERE workspace = (SELECT relais.current_workspace()) AND campaign = $1
            GROUP BY status
            """,
            .uuid(id)
        )
    }

    private static func answers(to id: UUID) -> Statement {
        Statement(
            """
            SELECT count(DISTINCT contact) AS count FROM relais.interaction
            WHERE workspace = (SELECT relais.current_workspace()) AND campaign = $1
                AND kind IN ('reply', 'choice', 'reaction')
            """,
            .uuid(id)
        )
    }
}
