internal import Database
package import FunctionContract
internal import Messages
package import Providers

/// The purpose of a campaign. It decides which contacts may be recipients.
package enum CampaignPurpose: String, CaseIterable, Sendable {
    /// Requires the contact's consent, and is sent at most once.
    case marketing
    case transactional
}

/// How a message is settled that is still unknown after the grace period.
package enum UnknownPolicy: String, CaseIterable, Sendable {
    /// A person decides.
    case park
    /// The message is sent once more. If it becomes unknown again, a person decides.
    case retryOnce = "retry_once"
}

/// A message to many contacts, and the follow-up to those who answer.
package struct Campaign: Sendable, Equatable {
    package enum Opening: Sendable, Equatable {
        case text(String)
        case template(UUID)
    }

    package let id: UUID
    package var channel: UUID
    package var name: String
    package var purpose: CampaignPurpose
    /// Message 1.
    package var opening: Opening
    /// Message 2, after the first answer.
    package var followUp: String?
    package var answerWindow: Duration = .seconds(24 * 3600)
    /// The texts that replace `{{name}}`. They may contain `{{contact.…}}`.
    package var variables: [String: String] = [:]
    /// The address in front of tracked links; nil leaves links unchanged.
    package var linkBase: String?
    /// The audience: contacts in one of the categories, in the segment, and with one of the tags.
    package var categories: [UUID] = []
    package var segment: String?
    package var tags: [String] = []
    package var unknownPolicy: UnknownPolicy
    package var relaunchOf: UUID?

    package internal(set) var status = CampaignStatus.draft
    package internal(set) var reason: Reason?
    package internal(set) var createdAt: Timestamp?
    package internal(set) var scheduledAt: Timestamp?
    package internal(set) var startedAt: Timestamp?
    package internal(set) var completedAt: Timestamp?
    package internal(set) var totalRecipients = 0
    package internal(set) var excludedCount = 0
    package internal(set) var createdBy: UUID?

    package init(
        id: UUID = .v7(),
        channel: UUID,
        name: String,
        purpose: CampaignPurpose = .marketing,
        _ opening: Opening
    ) {
        self.id = id
        self.channel = channel
        self.name = name
        self.purpose = purpose
        self.opening = opening
        unknownPolicy = purpose == .marketing ? .park : .retryOnce
    }

    /// A copy of the campaign as a new draft.
    package func again(id: UUID = .v7()) -> Campaign {
        var copy = Campaign(id: id, channel: channel, name: name, purpose: purpose, opening)
        copy.followUp = followUp
        copy.answerWindow = answerWindow
        copy.variables = variables
        copy.linkBase = linkBase
        copy.categories = categories
        copy.segment = segment
        copy.tags = tags
        copy.unknownPolicy = unknownPolicy
        copy.relaunchOf = self.id
        return copy
    }

    /// Throws if the campaign could not be sent to anybody: an invalid text, or no audience.
    package func check() throws(CampaignError) {
        if categories.isEmpty, segment == nil, tags.isEmpty { throw .audienceUndefined }
        switch opening {
        case .text(let text): _ = try content(.text(try Self.parsed(text)))
        // The template's text and variables are read when the campaign starts.
        case .template: _ = try content(.text(try Self.parsed("")))
        }
    }

    static func parsed(_ text: String) throws(CampaignError) -> MessageText {
        do throws(InvalidText) {
            return try MessageText(text)
        } catch {
            throw .text(error.reason)
        }
    }

    func content(_ opening: CampaignContent.Opening) throws(CampaignError) -> CampaignContent {
        try CampaignContent(
            opening,
            followUp: try followUp.map(Self.parsed),
            variables: try CampaignVariables(variables),
            linkBase: linkBase
        )
    }
}

extension Campaign {
    static let columns = """
        id, channel, name, purpose, template, message_1, message_2, answer_window_seconds,
        variables, link_base_url, segment, tags, unknown_policy, status, reason, scheduled_at,
        started_at, completed_at, total_recipients, excluded_count, relaunch_of, created_by,
        created_at,
        ARRAY (
            SELECT category FROM relais.campaign_category
            WHERE campaign_category.workspace = campaign.workspace
                AND campaign_category.campaign = campaign.id
            ORDER BY category
        ) AS categories
        """

    init(_ row: Row) throws(DatabaseError) {
        let template: UUID? = try row.get("template")
        self.init(
            id: try row.get("id"),
            channel: try row.get("channel"),
            name: try row.get("name"),
            purpose: CampaignPurpose(rawValue: try row.get("purpose")) ?? .marketing,
            try Opening(template, row)
        )
        followUp = try row.get("message_2")
        answerWindow = .seconds(try row.get("answer_window_seconds", as: Int.self))
        variables = Self.variables(in: try row.get("variables"))
        linkBase = try row.get("link_base_url")
        categories = try row.get("categories")
        segment = try row.get("segment")
        tags = try row.get("tags")
        unknownPolicy = UnknownPolicy(rawValue: try row.get("unknown_policy")) ?? .park
        relaunchOf = try row.get("relaunch_of")
        status = CampaignStatus(rawValue: try row.get("status")) ?? .failed
        reason = Reason(stored: try row.get("reason"))
        createdAt = try row.get("created_at")
        scheduledAt = try row.get("scheduled_at")
        startedAt = try row.get("started_at")
        completedAt = try row.get("completed_at")
        totalRecipients = try row.get("total_recipients")
        excludedCount = try row.get("excluded_count")
        createdBy = try row.get("created_by")
    }

    /// The stored form: JSON.
    var storedVariables: String {
        let members = variables.sorted { $0.key < $1.key }
        return JSON.object(JSONObject(members.map { ($0.key, .string($0.value)) })).text
    }

    private static func variables(in text: String) -> [String: String] {
        let members = (try? JSONParser.parse(Array(text.utf8)))?.object?.members ?? []
        return Dictionary(
            members.compactMap { member in
                member.value.string.map { (member.name, $0) }
            }
        ) { _, last in last }
    }
}

extension Campaign.Opening {
    fileprivate init(_ template: UUID?, _ row: Row) throws(DatabaseError) {
        if let template {
            self = .template(template)
        } else {
            self = .text(try row.get("message_1"))
        }
    }
}
