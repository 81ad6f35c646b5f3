import Accounts
import Campaigns
import Database
import FunctionContract
internal import Messages
internal import Providers

/// A campaign and its workspace, with the store's JSON and refusals for it.
struct StoreCampaign {
    let campaign: Campaign
    let workspace: Workspace

    init(_ campaign: Campaign, of workspace: Workspace) {
        self.campaign = campaign
        self.workspace = workspace
    }

    /// The entry in a list.
    func json(_ statistics: CampaignStatistics?) -> JSONObject {
        func text(_ instant: Timestamp?) -> JSON {
            instant.map { .string($0.description) } ?? .null
        }
        let statistics = statistics ?? CampaignStatistics(counts: [:])
        return JSONObject([
            ("id", .string(campaign.id.description)), ("name", .string(campaign.name)),
            ("workspace", .string(workspace.id.description)),
            ("workspaceName", .string(workspace.name)),
            ("status", .string(campaign.status.rawValue)),
            ("french", .string(campaign.status.french)),
            ("recipients", .integer(campaign.totalRecipients)),
            ("excluded", .integer(campaign.excludedCount)),
            ("total", .integer(statistics.total)), ("succeeded", .integer(statistics.succeeded)),
            ("failed", .integer(statistics.failed)), ("parked", .integer(statistics.parked)),
            ("successRate", statistics.successRate.map { .number($0) } ?? .null),
            ("createdAt", text(campaign.createdAt)),
            ("scheduledAt", text(campaign.scheduledAt)), ("startedAt", text(campaign.startedAt)),
            ("completedAt", text(campaign.completedAt)),
        ])
    }

    /// The full report, with the commands that apply now.
    func json(_ report: CampaignReport) -> JSONObject {
        var json = json(report.statistics)
        json["purpose"] = .string(campaign.purpose.rawValue)
        json["unknownPolicy"] = .string(campaign.unknownPolicy.rawValue)
        json["relaunchOf"] = campaign.relaunchOf.map { .string($0.description) } ?? .null
        json["reason"] = campaign.reason.json
        json["channel"] = [
            "id": .string(campaign.channel.description), "name": .string(report.channel.name),
            "provider": .string(report.channel.provider),
            "isActive": .bool(report.channel.isActive),
        ]
        json["template"] = report.template?.json ?? .null
        json["messages"] = .array(
            MessageStatus.allCases.compactMap { status in
                report.statistics.counts[status].map { count in
                    [
                        "status": .string(status.rawValue), "french": .string(status.french),
                        "count": .integer(count),
                    ]
                }
            }
        )
        json["answers"] = .integer(report.statistics.interactions)
        json["hasMessage2"] = .bool(campaign.followUp != nil)
        json["message2"] = [
            "total": .integer(report.followUps.total),
            "succeeded": .integer(report.followUps.succeeded),
        ]
        json["exclusions"] = .array(report.exclusions.map(Self.json))
        json["failures"] = .array(
            report.failures.map { ["reason": $0.reason.json, "count": .integer($0.count)] }
        )
        json["orders"] = .array(orders(report).map { .string($0) })
        return json
    }

    private static func json(_ exclusion: Exclusion, _ count: Int) -> JSON {
        [
            "reason": .string(exclusion.reason.rawValue),
            "french": .string(exclusion.reason.french),
            "detail": exclusion.detail.map { .string($0) } ?? .null, "count": .integer(count),
        ]
    }

    private func orders(_ report: CampaignReport) -> [String] {
        let mayRetry = campaign.status.after(.retry) != nil
        var orders = campaign.status.orders
        if report.statistics.failed > 0, mayRetry { orders.append("retry") }
        if report.statistics.parked > 0 { orders += mayRetry ? ["resend", "leave"] : ["leave"] }
        if report.template?.status == .paused, campaign.status != .paused {
            orders.append("release")
        }
        if campaign.status.isOver { orders.append("relaunch") }
        return orders
    }
}

extension CampaignStatus {
    /// The commands that the status allows.
    fileprivate var orders: [String] {
        [CampaignOrder.schedule, .start, .pause, .resume, .stop]
            .filter { after($0) != nil }.map(\.rawValue)
    }

    fileprivate var isOver: Bool {
        switch self {
        case .draft, .scheduled, .running, .paused: false
        case .completed, .failed, .stopped: true
        }
    }
}

// MARK: - Refusals

extension StoreCampaign {
    func nothingToRetry(_ failed: Int) -> Rejection {
        refusal(
            failed == 0
                ? "no message of \(campaign.name) has failed: there is nothing to retry"
                : "\(failed) of \(campaign.name)'s messages have failed, and none can be retried:"
                    + " each was given up, or its contact has left or is not on WhatsApp. Correct"
                    + " the contacts, then retry"
        )
    }

    var nothingParked: Rejection {
        refusal("no message of \(campaign.name) is parked: there is nothing to decide")
    }

    func sendsNoMore(_ parked: Int) -> Rejection {
        refusal(
            "\(campaign.name) is stopped and sends nothing more: `\(command("leave"))` counts its"
                + " \(parked) parked messages as failed"
        )
    }

    func unconfirmed(_ parked: Int) -> Rejection {
        refusal(
            "\(parked) messages of \(campaign.name) are parked: nobody knows whether they went"
                + " out, and if they are sent again some people may get them twice. To send them"
                + " again: `\(command("resend")) --yes`. To leave them: `\(command("leave"))`."
        )
    }

    func notHeld(_ template: CampaignReport.Template?) -> Rejection {
        guard let template else {
            return refusal("\(campaign.name) has no template: there is nothing to release")
        }
        return refusal(
            "the template \(template.name) is \(template.status.rawValue), not held back: "
                + (template.status == .approved
                    ? "it may be used" : "only its provider can approve it")
        )
    }

    fileprivate func command(_ order: String) -> String {
        "local-runner campaigns \(order) \(campaign.id)"
    }

    private func refusal(_ message: String) -> Rejection {
        Rejection(status: 409, code: "refused", message: message)
    }
}

extension CampaignError {
    /// The error, with a hint about the next command to try.
    func rejection(of found: StoreCampaign) -> any Error {
        let hint: String
        switch self {
        case .database, .channelMissing, .text, .audienceUndefined: return self
        case .missing: hint = "see `local-runner campaigns list`"
        case .templateMissing: hint = "relaunch the campaign with another"
        case .templateNotApproved(_, "paused"):
            hint = "once it is right at the provider, `\(found.command("release"))`"
        case .templateNotApproved: hint = "it waits for its provider"
        case .audienceEmpty([:]): hint = "add contacts to its categories, segment or tags"
        case .audienceEmpty:
            hint = "Sources/Product/Campaigns/README.md says what to do about each reason"
        case .audienceTooLarge: hint = "make two campaigns of it"
        case .notAllowed(let status, _) where status.isOver:
            hint = "`\(found.command("relaunch"))` makes the same one again"
        case .notAllowed(let status, _):
            hint = "it can " + status.orders.joined(separator: ", ")
        case .scheduledInThePast: hint = "give a later one, or `\(found.command("start"))`"
        }
        return Rejection(status: 409, code: "refused", message: "\(description); \(hint)")
    }
}

// MARK: - JSON

extension CampaignStatistics {
    var parked: Int { counts[.parked] ?? 0 }
}

extension CampaignReport.Template {
    fileprivate var json: JSON {
        [
            "name": .string(name), "language": .string(language),
            "status": .string(status.rawValue), "reason": reason.map { .string($0) } ?? .null,
        ]
    }
}

extension Reason? {
    fileprivate var json: JSON {
        flatMap { try? JSONParser.parse(Array($0.stored.utf8)) } ?? .null
    }
}
