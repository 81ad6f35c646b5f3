internal import Database
internal import FunctionContract
package import Messages

/// What came of one campaign, for the people who decide about it.
package struct CampaignReport: Sendable {
    package struct Channel: Sendable, Equatable {
        package let name: String
        package let provider: String
        package let isActive: Bool
    }

    package struct Template: Sendable, Equatable {
        package let name: String
        package let language: String
        package let status: TemplateForm.Status
        /// Why nobody may send it, as far as anybody said.
        package let reason: String?
    }

    package struct Failure: Sendable, Equatable {
        /// With the provider's own words as one of the messages has them.
        package let reason: Reason?
        package let count: Int
    }

    package let channel: Channel
    package let template: Template?
    package let statistics: CampaignStatistics
    /// The same for Message 2 alone.
    package let followUps: CampaignStatistics
    /// The most frequent first, like the failures.
    package let exclusions: [(exclusion: Exclusion, count: Int)]
    package let failures: [Failure]

    /// Reasons that a report names, of either kind.
    package static let reasonLimit = 10
}

extension Campaigns {
    package func report(on campaign: Campaign) throws(CampaignError) -> CampaignReport {
        let results = try run([
            Self.way(of: campaign), Self.followUps(of: campaign.id), Self.exclusions(of: campaign),
            Self.failures(of: campaign.id),
        ])
        guard let way = results[0].first else { throw .channelMissing(campaign.channel) }
        let statistics = try statistics(of: campaign.id)
        return try CampaignError.wrap { () throws(DatabaseError) in
            CampaignReport(
                channel: try CampaignReport.Channel(way),
                template: try CampaignReport.Template(way),
                statistics: statistics,
                followUps: CampaignStatistics(counts: try Self.counts(results[1])),
                exclusions: try Self.exclusions(results[2]),
                failures: try results[3].map { (row) throws(DatabaseError) in
                    CampaignReport.Failure(
                        reason: Reason(stored: try row.get("reason")),
                        count: try row.get("count")
                    )
                }
            )
        }
    }

    private static func exclusions(
        _ rows: Rows
    ) throws(DatabaseError) -> [(exclusion: Exclusion, count: Int)] {
        var exclusions: [(exclusion: Exclusion, count: Int)] = []
        for row in rows {
            guard let reason = Exclusion.Reason(rawValue: try row.get("reason")) else { continue }
            let exclusion = Exclusion(reason, detail: try row.get("detail"))
            exclusions.append((exclusion, try row.get("count")))
        }
        return exclusions
    }

    /// What its messages go through.
    private static func way(of campaign: Campaign) -> Statement {
        Statement(
            """
            SELECT channel.name AS channel, provider, channel.status = 'active' AS is_active,
                template.name AS template, language, template.status, template.reason
            FROM relais.channel LEFT JOIN relais.template ON template.id = $2
            WHERE channel.id = $1
            """,
            .uuid(campaign.channel),
            .uuid(campaign.templateID)
        )
    }

    private static func followUps(of id: UUID) -> Statement {
        Statement(
            """
            SELECT status::text AS status, count(*) AS count FROM relais.message
            WHERE workspace = (SELECT relais.current_workspace()) AND campaign = $1 AND step = 2
            GROUP BY status
            """,
            .uuid(id)
        )
    }

    private static func exclusions(of campaign: Campaign) -> Statement {
        Statement(
            """
            SELECT reason, detail, count(*) AS count FROM relais.campaign_exclusion
            WHERE workspace = (SELECT relais.current_workspace()) AND campaign = $1
            GROUP BY reason, detail ORDER BY count DESC, reason, detail LIMIT $2
            """,
            .uuid(campaign.id),
            .int(CampaignReport.reasonLimit)
        )
    }

    /// By sentence: the provider's own words may name the message, and be others each time.
    private static func failures(of id: UUID) -> Statement {
        Statement(
            """
            SELECT count(*) AS count, min(reason::text)::jsonb AS reason
            FROM relais.message
            WHERE workspace = (SELECT relais.current_workspace()) AND campaign = $1
                AND status = 'failed'
            GROUP BY reason ->> 'code', reason ->> 'fr'
            ORDER BY count DESC, reason ->> 'code', reason ->> 'fr' LIMIT $2
            """,
            .uuid(id),
            .int(CampaignReport.reasonLimit)
        )
    }
}

extension CampaignReport.Channel {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        self.init(
            name: try row.get("channel"),
            provider: try row.get("provider"),
            isActive: try row.get("is_active")
        )
    }
}

extension CampaignReport.Template {
    /// Nil for a campaign that is a text.
    fileprivate init?(_ row: Row) throws(DatabaseError) {
        guard let name: String = try row.get("template") else { return nil }
        self.init(
            name: name,
            language: try row.get("language"),
            status: TemplateForm.Status(rawValue: try row.get("status")) ?? .disabled,
            reason: try row.get("reason")
        )
    }
}
