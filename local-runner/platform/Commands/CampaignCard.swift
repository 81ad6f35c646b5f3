import FunctionContract

/// A campaign as `campaigns show` prints it: its state, the reason, and the commands that apply.
struct CampaignCard {
    /// The commands for a campaign, each with its effect.
    static let orders = [
        ("start", "freeze the audience and send"),
        ("schedule", "the same at an hour, --at"),
        ("pause", "nothing more goes out until resume"),
        ("resume", "go on; a template that was held back may be used again"),
        ("stop", "cancel, for good, what has not gone out"),
        ("retry", "send the failed messages again, to those who can still be written to"),
        ("resend", "send the parked messages again; some people may get them twice"),
        ("leave", "count the parked messages as failed"),
        ("release", "let campaigns use its template again, once it is right at the provider"),
        ("relaunch", "make the same campaign again from the beginning, as a draft"),
    ]

    private let campaign: JSON

    init(_ campaign: JSON) {
        self.campaign = campaign
    }

    var text: String {
        "\(campaign.called)  \(campaign.bilingual("status"))\n" + Command.columns(rows)
            + section("Messages", messages) + section("Excluded", exclusions)
            + section("Failed", failures)
            + section("Now: local-runner campaigns <order> \(word("id"))", orders)
    }

    private var rows: [(String, String)] {
        var rows = [
            ("campaign", word("id")), ("workspace", word("workspaceName")), ("purpose", purpose),
            ("channel", channel),
        ]
        if let template = campaign["template"], !template.isNull {
            rows.append(("template", Self.describe(template)))
        }
        for (name, member) in [
            ("created", "createdAt"), ("planned for", "scheduledAt"), ("started", "startedAt"),
            ("ended", "completedAt"),
        ] {
            if let moment = campaign.moment(member) { rows.append((name, moment)) }
        }
        if let origin = campaign.words("relaunchOf") { rows.append(("relaunch of", origin)) }
        if let reason = campaign["reason"], !reason.isNull {
            rows.append(("reason", reason.sentence))
        }
        return rows + outcome
    }

    private var outcome: [(String, String)] {
        guard campaign["startedAt"]?.isNull == false else { return [] }
        var rows = [
            ("recipients", "\(number("recipients")), \(number("excluded")) excluded"),
            (
                "success rate",
                "\(campaign.rate): \(number("succeeded")) of \(number("total")) messages"
            ),
            ("answers", "from \(number("answers")) contacts"),
        ]
        if campaign["hasMessage2"]?.bool == true {
            let (all, good) = (second("total"), second("succeeded"))
            rows.append(("Message 2", "\(all), \(good) of them with success"))
        }
        return rows
    }

    private func second(_ name: String) -> Int { campaign["message2"]?[name]?.integer ?? 0 }

    private var purpose: String {
        let policy =
            campaign["unknownPolicy"] == "park" ? "is parked" : "is sent once more, then parked"
        return "\(word("purpose")); what stays uncertain \(policy)"
    }

    private var channel: String {
        let channel = campaign["channel"]
        let name = "\(channel?.words("name") ?? "") (\(channel?.words("provider") ?? ""))"
        if channel?["isActive"]?.bool == true { return name }
        let id = channel?.words("id") ?? ""
        return "\(name), paused: `local-runner channels show \(id)` says why"
    }

    private static func describe(_ template: JSON) -> String {
        let reason = template.words("reason").map { ": \($0)" } ?? ""
        return ["name", "language", "status"].compactMap { template.words($0) }
            .joined(separator: ", ") + reason
    }

    private var messages: [(String, String)] {
        (campaign["messages"]?.array ?? []).map { state in
            (state.bilingual("status"), state.words("count") ?? "")
        }
    }

    private var exclusions: [(String, String)] {
        let shown = (campaign["exclusions"]?.array ?? []).map { exclusion in
            let detail = exclusion.words("detail").map { ": \($0)" } ?? ""
            return (exclusion.count, exclusion.bilingual("reason") + detail)
        }
        return counted(shown, of: number("excluded"))
    }

    private var failures: [(String, String)] {
        let shown = (campaign["failures"]?.array ?? []).map { failure in
            let reason = failure["reason"] ?? .null
            return (failure.count, reason.isNull ? "sans raison (no reason)" : reason.sentence)
        }
        return counted(shown, of: number("failed"))
    }

    /// The most frequent reasons, and one line for the rest.
    private func counted(_ shown: [(Int, String)], of total: Int) -> [(String, String)] {
        let others = total - shown.map(\.0).reduce(0, +)
        let all = others > 0 ? shown + [(others, "autres raisons (other reasons)")] : shown
        return all.map { ("\($0.0)", $0.1) }
    }

    private var orders: [(String, String)] {
        let allowed = campaign["orders"]?.array ?? []
        return Self.orders.filter { allowed.contains(.string($0.0)) }
    }

    private func section(_ title: String, _ rows: [(String, String)]) -> String {
        rows.isEmpty ? "" : "\n\(title)\n" + Command.columns(rows)
    }

    private func number(_ name: String) -> Int { campaign[name]?.integer ?? 0 }

    private func word(_ name: String) -> String { campaign.words(name) ?? "" }
}

/// The campaigns as `campaigns list` prints them.
struct CampaignTable {
    private let answer: JSON
    private let isOfOneWorkspace: Bool

    init(_ answer: JSON, ofOneWorkspace: Bool) {
        self.answer = answer
        isOfOneWorkspace = ofOneWorkspace
    }

    var text: String {
        let campaigns = answer["campaigns"]?.array ?? []
        if campaigns.isEmpty { return "No campaign.\n" }
        var table = Table([
            "CAMPAIGN", "NAME", "STATUS", "RECIPIENTS", "SUCCEEDED", "FAILED", "PARKED", "SUCCESS",
            "CREATED (UTC)", "STARTED (UTC)", "WORKSPACE",
        ])
        for campaign in campaigns {
            let numbers = ["recipients", "succeeded", "failed", "parked"]
            table.add(
                [campaign.words("id") ?? "", campaign.called, campaign.bilingual("status")]
                    + numbers.map { campaign.words($0) ?? "" }
                    + [campaign.rate]
                    + ["createdAt", "startedAt"].map {
                        String(campaign.words($0)?.prefix(16) ?? "-")
                    }
                    + [campaign.words("workspaceName") ?? ""]
            )
        }
        return table.text + more(campaigns[0])
    }

    private func more(_ campaign: JSON) -> String {
        guard let last = answer.words("next") else { return "" }
        let workspace = isOfOneWorkspace ? " --workspace \(campaign.words("workspace") ?? "")" : ""
        return "\nOlder ones: local-runner campaigns list --before \(last)\(workspace)\n"
    }
}

// MARK: - Words about a campaign

extension JSON {
    var called: String { words("name") ?? "" }

    /// The number of messages that a command affected.
    var count: Int { self["count"]?.integer ?? 0 }

    /// The French word, followed by the stored one.
    func bilingual(_ name: String) -> String { "\(words("french") ?? "") (\(words(name) ?? ""))" }

    /// To the second, in UTC.
    func moment(_ name: String) -> String? { words(name).map { "\($0.prefix(19))Z" } }

    var rate: String { words("successRate").map { "\($0) %" } ?? "-" }

    var hasStarted: String {
        "\(called) has started: \(count) messages are queued, \(words("excluded") ?? "0") contacts"
            + " are excluded. \(way)"
    }

    func goingAgain(_ which: String) -> String {
        "\(count) \(which) messages of \(called) go out again. \(way)"
    }

    /// The next thing that a due message needs to reach its recipient.
    var way: String {
        let channel = self["channel"]
        let (name, id) = (channel?.words("name") ?? "", channel?.words("id") ?? "")
        if words("status") == "paused" {
            return "It is paused: `local-runner campaigns resume \(words("id") ?? "")`.\n"
        }
        guard channel?["isActive"]?.bool == true else {
            return "Its channel \(name) is paused: `local-runner channels show \(id)` says why.\n"
        }
        return "Its channel \(name) sends within seconds what its pace, hours and limits allow:"
            + " `local-runner channels show \(id)`.\n"
    }
}
