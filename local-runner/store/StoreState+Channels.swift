import Accounts
import Database
import FunctionContract
import Providers
import Security

extension StoreState {
    func listChannels() throws -> HTTPReply {
        let names = Dictionary(
            uniqueKeysWithValues: try Workspaces(connection).all().map { ($0.id, $0.name) }
        )
        let channels = try addressees().all()
        return .json([
            "channels": .array(
                channels.map { channel in
                    var json = channel.json
                    json["workspaceName"] = .string(names[channel.workspace] ?? "")
                    return .object(json)
                }
            )
        ])
    }

    func showChannel(_ reference: String) throws -> HTTPReply {
        let channel = try channel(reference)
        let channels = try channels(of: channel)
        var json = channel.json
        json["standing"] = .object(try channels.standing(of: channel).json)
        json["webhook"] = .object(try credentials(of: channel).json)
        return .json(.object(json))
    }

    func addChannel(_ request: StoreRequest) throws -> HTTPReply {
        let workspace = try workspace(try request.optionalText("workspace"))
        let channel = try newChannel(request, in: workspace)
        var webhook = WebhookCredentials()
        webhook.addOurs(for: channel.provider)
        if let secret = try request.optionalText("secret") { webhook.addSigning(secret) }
        do {
            try channels(of: channel)
                .add(channel, token: try request.text("token"), webhook: webhook)
        } catch AccountError.database(let error) where error.code == .uniqueViolation {
            throw Rejection(
                status: 409,
                code: "exists",
                message: "\(channel.provider.rawValue) \(channel.externalID) is a channel already:"
                    + " see `local-runner channels list`"
            )
        }
        return try showChannel(channel.id.description)
    }

    func changeChannel(
        _ reference: String,
        _ action: String,
        _ request: StoreRequest
    ) throws -> HTTPReply {
        let channel = try channel(reference)
        let channels = try channels(of: channel)
        switch action {
        case "pause": try channels.pause(channel.id)
        case "resume": try channels.resume(channel.id)
        case "set":
            var changed = channel
            try follow(request, &changed)
            try channels.change(changed)
        case "rotate": try rotate(channel, channels, request)
        default: throw Rejection.badRequest("a channel cannot \(action)")
        }
        return try showChannel(channel.id.description)
    }

    private func rotate(
        _ channel: Channel,
        _ channels: Channels,
        _ request: StoreRequest
    ) throws {
        if let token = try request.optionalText("token") {
            try channels.replaceToken(of: channel.id, with: token)
        }
        let (new, ours, retire) = (
            try request.optionalText("secret"), try request.flag("ours"), try request.flag("retire")
        )
        guard new != nil || ours || retire else { return }
        var webhook = try credentials(of: channel)
        if let new { webhook.addSigning(new) }
        if ours { webhook.addOurs(for: channel.provider) }
        if retire { webhook.retireOld() }
        // An unchanged secret is sealed again too, with the current master key.
        try channels.replaceWebhook(of: channel.id, with: webhook)
    }

    /// The channel of that id, or the only one of that name.
    private func channel(_ reference: String) throws -> Channel {
        let reference = PercentEncoding.decode(reference)
        let all = try addressees().all()
        let id = UUID(reference)
        let found = all.filter { $0.id == id || $0.name == reference }
        guard let channel = found.first, found.count == 1 else {
            throw Rejection(
                status: 404,
                code: "not_found",
                message: found.isEmpty
                    ? "there is no channel \(reference): see `local-runner channels list`"
                    : "\(found.count) channels are called \(reference): use the id, from"
                        + " `local-runner channels list`"
            )
        }
        return channel
    }

    private func credentials(of channel: Channel) throws -> WebhookCredentials {
        guard let found = try addressees().find(channel.id) else {
            throw AccountError.channelMissing(channel.id)
        }
        return found.webhook
    }

    private func addressees() throws -> WebhookAddressees {
        WebhookAddressees(connection, try secrets())
    }

    private func channels(of channel: Channel) throws -> Channels {
        Channels(connection, try secrets(), as: .service(channel.workspace))
    }

    func secrets() throws(Rejection) -> SealedSecrets {
        do {
            return try SealedSecrets(masterKeys: masterKeys ?? "")
        } catch {
            throw Rejection(
                status: 409,
                code: "secrets",
                message: "RELAIS_MASTER_KEYS: \(error.description)"
            )
        }
    }
}
