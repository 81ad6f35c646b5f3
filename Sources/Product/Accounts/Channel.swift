internal import Database
package import FunctionContract
package import Providers
package import Work

/// A workspace's number at a provider, without its secrets.
package struct Channel: Sendable, Equatable {
    package enum Status: String, Sendable {
        case active
        /// Paused by the circuit breaker or a person. Only a person resumes it.
        case paused
    }

    /// Hours without messages, as `22:00` and `07:30` in the channel's time zone.
    package struct QuietHours: Sendable, Equatable {
        package let from: String
        package let until: String

        package init(from: String, until: String) {
            self.from = from
            self.until = until
        }
    }

    package let id: UUID
    package let workspace: UUID
    package var name: String
    package let provider: Provider
    package var baseURL: String
    package var externalID: String
    package var accountID: String?
    package var apiVersion: String?
    package var phone: String?
    package var status = Status.active
    package var pacing: Pacing
    package var pairGap: Duration = .seconds(6)
    package var dailyCap: Int
    package var timezone: String
    package var quietHours: QuietHours?
    /// Whether marketing templates are sent through Meta's separate API for marketing.
    package var usesMarketingAPI = false

    package init(
        id: UUID,
        workspace: UUID,
        name: String,
        provider: Provider,
        baseURL: String,
        externalID: String,
        pacing: Pacing,
        dailyCap: Int = Channel.usualDailyCap,
        timezone: String = "Europe/Paris"
    ) {
        self.id = id
        self.workspace = workspace
        self.name = name
        self.provider = provider
        self.baseURL = baseURL
        self.externalID = externalID
        self.pacing = pacing
        self.dailyCap = dailyCap
        self.timezone = timezone
    }

    /// The key of the token bucket that limits the channel's rate.
    package var rateKey: RateKey { RateKey("channel:\(id)", of: workspace) }

    /// The counter that enforces the daily cap.
    package var dailyCounter: DailyCounter {
        DailyCounter(key: rateKey.name, workspace: workspace, timezone: timezone, cap: dailyCap)
    }

    /// The path of our endpoint for the channel's webhooks.
    package var webhookPath: String { "/webhooks/\(provider.rawValue)/\(id)" }

    /// The values needed to send requests for the channel.
    package func access(token: String) -> ChannelAccess {
        var access = ChannelAccess(
            baseURL: baseURL,
            token: token,
            channelID: externalID,
            accountID: accountID
        )
        if let apiVersion { access.apiVersion = apiVersion }
        access.usesMarketingAPI = usesMarketingAPI
        return access
    }
}

extension Channel {
    init(_ row: Row) throws(DatabaseError) {
        let provider: String = try row.get("provider")
        guard let known = Provider(rawValue: provider) else {
            throw DatabaseError(.decoding, "no provider is called \(provider)")
        }
        self.init(
            id: try row.get("id"),
            workspace: try row.get("workspace"),
            name: try row.get("name"),
            provider: known,
            baseURL: try row.get("base_url"),
            externalID: try row.get("external_id"),
            pacing: try Pacing(row),
            dailyCap: try row.get("daily_cap"),
            timezone: try row.get("timezone")
        )
        accountID = try row.get("account_id")
        apiVersion = try row.get("api_version")
        phone = try row.get("phone")
        usesMarketingAPI = try row.get("marketing_api")
        status = Status(rawValue: try row.get("status")) ?? .paused
        pairGap = .seconds(try row.get("pair_gap_seconds", as: Int.self))
        if let from: String = try row.get("quiet_from"),
            let until: String = try row.get("quiet_until")
        {
            quietHours = QuietHours(from: from, until: until)
        }
    }
}

extension Pacing {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        let size: Int? = try row.get("lot_size")
        let pause: Int? = try row.get("lot_pause_us")
        self.init(
            RateLimit(
                interval: .microseconds(try row.get("interval_us", as: Int.self)),
                burst: try row.get("burst")
            ),
            jitterPercent: try row.get("jitter_percent"),
            lot: size.flatMap { size in
                pause.map { Lot(size: size, pause: .microseconds($0)) }
            }
        )
    }
}
