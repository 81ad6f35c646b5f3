import Accounts
import Database
import FunctionContract
import Networks
import Providers
import Work

extension StoreState {
    /// The channel that the request describes. Missing settings get the provider's defaults.
    func newChannel(_ request: StoreRequest, in workspace: Workspace) throws -> Channel {
        let name = try request.text("provider")
        guard let provider = Provider(rawValue: name) else {
            throw Rejection.badRequest("there is no provider \(name)")
        }
        guard let url = try request.optionalText("url") ?? provider.publicBaseURL else {
            throw Rejection.badRequest("\(name) runs where you run it: say where with --url")
        }
        let id = try request.text("externalID")
        let profile = provider.pacing[0]
        var channel = Channel(
            id: .v7(),
            workspace: workspace.id,
            name: try request.optionalText("name") ?? "\(name) \(id)",
            provider: provider,
            baseURL: try baseURL(url),
            externalID: id,
            pacing: Pacing(profile),
            timezone: workspace.timezone
        )
        channel.follow(profile)
        channel.accountID = try request.optionalText("accountID")
        if channel.accountID == nil, provider.needsAccount, let account = provider.words.account {
            throw Rejection.badRequest("\(name) needs --account: \(account)")
        }
        channel.apiVersion = try request.optionalText("apiVersion")
        channel.phone = try request.optionalText("phone")
        try follow(request, &channel)
        return channel
    }

    private func baseURL(_ text: String) throws(Rejection) -> String {
        do {
            return try GatewayURL(text, under: egress).text
        } catch {
            throw .badRequest("--url \(text) cannot be used: \(error.description)")
        }
    }

    /// Changes the settings that may change while the channel is in use: first the preset, then
    /// single values.
    func follow(_ request: StoreRequest, _ channel: inout Channel) throws {
        if let name = try request.optionalText("name") { channel.name = name }
        if let name = try request.optionalText("pacing") {
            guard let profile = PacingProfile.all.first(where: { $0.name == name }) else {
                let known = PacingProfile.all.map(\.name).joined(separator: ", ")
                throw Rejection.badRequest("there is no pacing \(name); there are \(known)")
            }
            channel.follow(profile)
        }
        if let cap = try request.optionalInteger("dailyCap", 0...10_000_000) {
            channel.dailyCap = cap
        }
        if let timezone = try request.optionalText("timezone") {
            try check(timezone: timezone)
            channel.timezone = timezone
        }
        if let word = try request.optionalText("marketingAPI") {
            guard channel.provider == .meta, word == "on" || word == "off" else {
                throw Rejection.badRequest("--marketing-api is on or off, for channels of meta")
            }
            channel.usesMarketingAPI = word == "on"
        }
        if let hours = try request.optionalText("quiet") {
            channel.quietHours = try Self.quietHours(hours)
        }
    }

    /// `23:00-06:00`, or `none`.
    private static func quietHours(_ text: String) throws(Rejection) -> Channel.QuietHours? {
        if text == "none" { return nil }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count == 2, ends.allSatisfy(isTime) else {
            throw .badRequest("quiet hours are written 23:00-06:00, or none; found \(text)")
        }
        return Channel.QuietHours(from: ends[0], until: ends[1])
    }

    private static func isTime(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hour = Int(parts[0]), let minute = Int(parts[1])
        else { return false }
        return (0..<24).contains(hour) && (0..<60).contains(minute)
    }
}

extension Channel {
    var json: JSONObject {
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        return JSONObject([
            ("id", .string(id.description)), ("workspace", .string(workspace.description)),
            ("name", .string(name)), ("provider", .string(provider.rawValue)),
            ("url", .string(baseURL)), ("externalID", .string(externalID)),
            ("accountID", text(accountID)), ("apiVersion", text(apiVersion)),
            ("phone", text(phone)), ("status", .string(status.rawValue)),
            ("pacing", .string(pacing.description)), ("dailyCap", .integer(dailyCap)),
            ("timezone", .string(timezone)), ("marketingAPI", .bool(usesMarketingAPI)),
            ("signs", .bool(provider.proof.isSignature)),
            ("quiet", text(quietHours.map { "\($0.from.prefix(5))-\($0.until.prefix(5))" })),
        ])
    }
}

extension ChannelStanding {
    var json: JSONObject {
        func json(_ text: String?) -> JSON {
            text.flatMap { try? JSONParser.parse(Array($0.utf8)) } ?? .null
        }
        func text(_ instant: Timestamp?) -> JSON {
            instant.map { .string($0.description) } ?? .null
        }
        return JSONObject([
            ("reason", json(reason)), ("heldUntil", text(heldUntil)),
            ("heldReason", heldUntil == nil ? .null : json(heldReason)),
            ("messagingLimit", messagingLimit.map { .string($0) } ?? .null),
            ("warning", json(warning)), ("quietUntil", text(quietUntil)),
            ("knowsTimezone", .bool(knowsTimezone)),
            ("today", .integer(today.used)),
            ("level", .string(today.level.rawValue)), ("lastWebhook", text(lastWebhook)),
            ("failedWebhooks", .integer(failedWebhooks)),
            ("failedWebhooksAreCapped", .bool(failedWebhooks >= Self.failureLimit)),
        ])
    }
}

extension WebhookCredentials {
    /// The values to enter at the provider. Of the provider's secrets it shows only the count.
    var json: JSONObject {
        func first(_ list: [String]) -> JSON { list.first.map { .string($0) } ?? .null }
        return JSONObject([
            ("verifyToken", first(verifyTokens)), ("addressSecret", first(secrets.address)),
            ("signing", .integer(secrets.signing.count)),
            ("old", .integer(max(verifyTokens.count, secrets.address.count) - 1)),
        ])
    }
}
