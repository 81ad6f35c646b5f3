internal import Database
internal import FunctionContract
package import Messages
package import Providers

/// The results of one campaign, for the people who decide about it.
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
        /// Why the template must not be used, if a reason is known.
        package let reason: String?
    }

    package struct Failure: Sendable, Equatable {
        /// The reason, with the provider's own words from one of the messages.
        package let reason: Reason?
        package let count: Int
    }

    package let channel: Channel
    package let template: Template?
    package let statistics: CampaignStatistics
    /// The statistics of Message 2 alone.
    package let followUps: CampaignStatistics
    /// The most frequent first, as in `failures`.
    package let exclusions: [(exclusion: Exclusion, count: Int)]
    package let failures: [Failure]

    /// The number of reasons that a report lists, for exclusions and for failures.
    package static let reasonLimit = 10
}

extension Campaigns {
    package func report(on campaign: Campaign) throws(CampaignError) -> CampaignReport {
        let results = try run([
            Self.way(of: campaign), MessageCounts.byStatus(of: [campaign.id]),
            Self.exclusions(of: campaign),
            MessageCounts.failures(of: campaign.id, limit: CampaignReport.reasonLimit),
            MessageCounts.answers(to: [campaign.id]),
        ])
        guard let way = results[0].first else { throw .channelMissing(campaign.channel) }
        return try CampaignError.wrap { () throws(DatabaseError) in
            let (all, followUps) = try Self.counts(results[1])
            return CampaignReport(
                channel: try CampaignReport.Channel(way),
                template: try CampaignReport.Template(way),
                statistics: CampaignStatistics(
                    counts: all,
                    interactions: try results[4].first?.get("count") ?? 0
                ),
                followUps: CampaignStatistics(counts: followUps),
                exclusions: try Self.exclusions(results[2]),
                failures: try results[3].map(CampaignReport.Failure.init)
            )
        }
    }

    /// The counts of both messages together, and of Message 2 alone.
    private static func counts(
        _ rows: Rows
    ) throws(DatabaseError) -> (all: [MessageStatus: Int], followUps: [MessageStatus: Int]) {
        var (all, followUps): ([MessageStatus: Int], [MessageStatus: Int]) = ([:], [:])
        for row in rows {
            guard let status = MessageStatus(rawValue: try row.get("status")) else { continue }
            let count: Int = try row.get("count")
            all[status, default: 0] += count
            if try row.get("step", as: Int.self) == 2 { followUps[status] = count }
        }
        return (all, followUps)
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

    /// Reads the campaign's channel and template.
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
    /// Nil for a campaign without a template.
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

extension CampaignReport.Failure {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        reason = Reason(stored: try row.get("reason"))
        count = try row.get("count")
    }
}
