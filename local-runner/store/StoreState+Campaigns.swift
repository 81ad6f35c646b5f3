import Accounts
import Campaigns
import Database
import FunctionContract

extension StoreState {
    /// A page of the campaigns of one or all workspaces, latest first.
    func listCampaigns(_ request: StoreRequest) throws -> HTTPReply {
        let before = try request.parameter("before").map { text throws(Rejection) in
            guard let id = UUID(text) else { throw .badRequest("\"\(text)\" is no campaign's id") }
            return id
        }
        let chosen = try request.parameter("workspace").map { [try workspace($0)] }
        var found: [StoreCampaign] = []
        for workspace in try chosen ?? Workspaces(connection).all() {
            found += try campaigns(of: workspace).page(before: before)
                .map { StoreCampaign($0, of: workspace) }
        }
        let page = found.sorted { $0.campaign.id > $1.campaign.id }.prefix(Campaigns.pageLimit)
        var statistics: [UUID: CampaignStatistics] = [:]
        for (_, own) in Dictionary(grouping: page, by: \.workspace.id) {
            let ids = own.map(\.campaign.id)
            let counted = try campaigns(of: own[0].workspace).statistics(of: ids)
            statistics.merge(counted) { _, new in new }
        }
        let last = page.count == Campaigns.pageLimit ? page.last?.campaign.id.description : nil
        return .json([
            "campaigns": .array(page.map { .object($0.json(statistics[$0.campaign.id])) }),
            "next": last.map { .string($0) } ?? .null,
        ])
    }

    func showCampaign(_ reference: String) throws -> HTTPReply {
        try card(of: try campaign(reference))
    }

    func orderCampaign(
        _ reference: String,
        _ order: String,
        _ request: StoreRequest
    ) throws -> HTTPReply {
        let found = try campaign(reference)
        do {
            return try follow(order, found, request)
        } catch let error as CampaignError {
            throw error.rejection(of: found)
        }
    }

    private func follow(
        _ order: String,
        _ found: StoreCampaign,
        _ request: StoreRequest
    ) throws -> HTTPReply {
        let campaigns = campaigns(of: found.workspace)
        let id = found.campaign.id
        switch order {
        case "start":
            let audience = try campaigns.start(id)
            return try card(of: found, count: audience.recipients)
        case "pause": try campaigns.pause(id)
        case "resume": try campaigns.resume(id)
        case "stop": return try card(of: found, count: try campaigns.stop(id))
        case "schedule":
            try campaigns.schedule(id, at: try request.instant("at"), now: try serverTime())
        case "retry":
            let count = try campaigns.retryFailed(id)
            if count == 0 { throw found.nothingToRetry(try campaigns.statistics(of: id).failed) }
            return try card(of: found, count: count)
        case "resend": return try card(of: found, count: try resend(found, request))
        case "leave":
            let count = try campaigns.giveUpParked(id)
            if count == 0 { throw found.nothingParked }
            return try card(of: found, count: count)
        case "release":
            if try !campaigns.releaseTemplate(of: id) {
                throw found.notHeld(try campaigns.report(on: found.campaign).template)
            }
        case "relaunch":
            let copy = try campaigns.relaunch(id)
            return try card(of: StoreCampaign(copy, of: found.workspace))
        default: throw Rejection.badRequest("a campaign cannot \(order)")
        }
        return try card(of: found)
    }

    /// Resends parked messages. The user must have confirmed the possible duplicates.
    private func resend(_ found: StoreCampaign, _ request: StoreRequest) throws -> Int {
        let campaigns = campaigns(of: found.workspace)
        let parked = try campaigns.statistics(of: found.campaign.id).parked
        if parked == 0 { throw found.nothingParked }
        guard found.campaign.status.after(.retry) != nil else { throw found.sendsNoMore(parked) }
        guard try request.flag("confirmed") else { throw found.unconfirmed(parked) }
        return try campaigns.resendParked(found.campaign.id)
    }

    private func card(of found: StoreCampaign, count: Int? = nil) throws -> HTTPReply {
        let campaigns = campaigns(of: found.workspace)
        guard let campaign = try campaigns.find(found.campaign.id) else {
            throw CampaignError.missing(found.campaign.id)
        }
        var json = StoreCampaign(campaign, of: found.workspace)
            .json(try campaigns.report(on: campaign))
        json["count"] = count.map { .integer($0) } ?? .null
        return .json(.object(json))
    }

    /// The campaign of that id, or the only one of that name.
    private func campaign(_ reference: String) throws -> StoreCampaign {
        let reference = PercentEncoding.decode(reference)
        var found: [StoreCampaign] = []
        for workspace in try Workspaces(connection).all() {
            found += try campaigns(of: workspace).called(reference)
                .map { StoreCampaign($0, of: workspace) }
        }
        guard let campaign = found.first, found.count == 1 else {
            throw Rejection(
                status: 404,
                code: "not_found",
                message: found.isEmpty
                    ? "there is no campaign \(reference): see `local-runner campaigns list`"
                    : "\(found.count) campaigns are called \(reference): use the id, from"
                        + " `local-runner campaigns list`"
            )
        }
        return campaign
    }

    private func campaigns(of workspace: Workspace) -> Campaigns {
        Campaigns(connection, as: .service(workspace.id))
    }
}

extension StoreRequest {
    fileprivate func instant(_ name: String) throws(Rejection) -> Timestamp {
        let text = try text(name)
        guard let instant = Timestamp(rfc3339: text) else {
            throw .badRequest("\(name): expected a time such as 2026-03-12T19:00:00+01:00")
        }
        return instant
    }
}
