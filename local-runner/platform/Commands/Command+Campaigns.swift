import FunctionContract
import FunctionRuntime

extension Command {
    static let campaigns = Command(
        name: "campaigns",
        summary: "List campaigns, look at one, start and stop it, decide about its messages.",
        operands: ["<action>", "[campaign]"],
        options: [
            .init("workspace", "name|id", "list: of this workspace only"),
            .init("before", "id", "list: those older than this one"),
            .init("at", "time", "schedule: such as 2026-03-12T19:00:00+01:00"),
            .init("start", nil, "relaunch: start the new campaign at once"),
            .init("yes", nil, "resend: although some people may get the message twice"),
            .json, .binaries,
        ],
        notes: """
            A campaign is called by its id or its name.

            \(columns(campaignActions))
            A message is parked when nobody knows whether it went out: you decide.
            """
    ) { arguments, environment in
        let desk = CampaignDesk(arguments, environment)
        switch try arguments.operand(0, campaignActionNames) {
        case "list": try desk.list()
        case "show": try desk.show()
        case "start": try desk.start()
        case "pause": try desk.pause()
        case "resume": try desk.resume()
        case "stop": try desk.stop()
        case "schedule": try desk.schedule()
        case "retry": try desk.retry()
        case "resend": try desk.resend()
        case "leave": try desk.leave()
        case "release": try desk.release()
        case "relaunch": try desk.relaunch()
        case let other:
            throw UsageError(
                "campaigns: expected one of \(campaignActionNames), found \"\(other)\""
            )
        }
        return 0
    }

    private static let campaignActions =
        [
            ("list", "the latest first, in pages of 50"),
            ("show", "how one stands, message by message, and what it can be told now"),
        ] + CampaignCard.orders

    private static let campaignActionNames = campaignActions.map(\.0).joined(separator: ", ")
}

/// The actions of the command `campaigns`, one function for each.
struct CampaignDesk {
    private let arguments: Arguments
    private let store: StoreClient

    init(_ arguments: Arguments, _ environment: Environment) {
        self.arguments = arguments
        store = StoreClient(arguments, environment)
    }

    func list() throws {
        try arguments.allow(["workspace", "before"], in: "campaigns list")
        if arguments.positional.count > 1 {
            throw UsageError("campaigns list: unexpected \"\(arguments.positional[1])\"")
        }
        let query = ["workspace", "before"].compactMap { name in
            arguments[name].map { "\(name)=\(PercentEncoding.encode($0))" }
        }
        let path = "/campaigns?" + query.joined(separator: "&")
        let answer = try store.ask("GET", path, for: .ordering)
        let table = CampaignTable(answer, ofOneWorkspace: arguments["workspace"] != nil)
        try print(arguments.has("json") ? answer.text + "\n" : table.text)
    }

    func show() throws {
        try arguments.allow([], in: "campaigns show")
        let campaign = try store.ask("GET", "/campaigns/\(campaign())", for: .ordering)
        try tell(campaign, CampaignCard(campaign).text)
    }

    func start() throws {
        try arguments.allow([], in: "campaigns start")
        let campaign = try order("start")
        try tell(campaign, campaign.hasStarted)
    }

    func schedule() throws {
        try arguments.allow(["at"], in: "campaigns schedule")
        guard let time = arguments["at"] else { throw UsageError("campaigns schedule: give --at") }
        guard Timestamp(rfc3339: time) != nil else {
            throw UsageError(
                "campaigns schedule: --at: expected a time such as 2026-03-12T19:00:00+01:00,"
                    + " found \"\(time)\""
            )
        }
        let campaign = try order("schedule", ["at": .string(time)])
        try tell(
            campaign,
            "\(campaign.called) starts within a minute after"
                + " \(campaign.moment("scheduledAt") ?? time).\n"
        )
    }

    func pause() throws {
        try arguments.allow([], in: "campaigns pause")
        let campaign = try order("pause")
        try tell(
            campaign,
            "\(campaign.called) is paused: nothing more goes out, answers still count.\n"
        )
    }

    func resume() throws {
        try arguments.allow([], in: "campaigns resume")
        let campaign = try order("resume")
        try tell(campaign, "\(campaign.called) goes on. \(campaign.way)")
    }

    func stop() throws {
        try arguments.allow([], in: "campaigns stop")
        let campaign = try order("stop")
        try tell(
            campaign,
            "\(campaign.called) is stopped for good: \(campaign.count) messages are cancelled.\n"
        )
    }

    func retry() throws {
        try arguments.allow([], in: "campaigns retry")
        let campaign = try order("retry")
        try tell(campaign, campaign.goingAgain("failed"))
    }

    func resend() throws {
        try arguments.allow(["yes"], in: "campaigns resend")
        let campaign = try order("resend", ["confirmed": .bool(arguments.has("yes"))])
        try tell(campaign, campaign.goingAgain("parked"))
    }

    func leave() throws {
        try arguments.allow([], in: "campaigns leave")
        let campaign = try order("leave")
        try tell(
            campaign,
            "\(campaign.called): \(campaign.count) parked messages are left and count as failed.\n"
        )
    }

    func release() throws {
        try arguments.allow([], in: "campaigns release")
        let campaign = try order("release")
        let template = campaign["template"]?.words("name") ?? ""
        try tell(campaign, "The template \(template) may be used again.\n")
    }

    func relaunch() throws {
        try arguments.allow(["start"], in: "campaigns relaunch")
        let draft = try order("relaunch")
        let id = draft.words("id") ?? ""
        guard arguments.has("start") else {
            return try tell(
                draft,
                "\(id)  \(draft.called), a draft: `local-runner campaigns start \(id)`\n"
            )
        }
        let started: JSON
        do {
            started = try order("start", of: id)
        } catch {
            try tell(draft, "\(id)  \(draft.called), a draft\n")
            throw error
        }
        try tell(started, "\(id)  \(started.hasStarted)")
    }

    private func order(_ order: String, _ body: JSON = .null) throws -> JSON {
        try self.order(order, of: campaign(), body)
    }

    private func order(_ order: String, of campaign: String, _ body: JSON = .null) throws -> JSON {
        try store.ask("POST", "/campaigns/\(campaign)/\(order)", body, for: .ordering)
    }

    private func campaign() throws(UsageError) -> String {
        PercentEncoding.encode(try arguments.operand(1, "the campaign"))
    }

    private func tell(_ campaign: JSON, _ text: String) throws {
        try print(arguments.has("json") ? campaign.text + "\n" : text)
    }

    private func print(_ text: String) throws {
        try Descriptor.standardOutput.write(Array(text.utf8))
    }
}
