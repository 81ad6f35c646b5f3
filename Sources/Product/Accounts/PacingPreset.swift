package import Providers
private import Work

/// Settings to begin with, by the provider and by how careful one wants to be. Every number can be
/// changed for a channel; `Sources/Product/Sending/README.md` says where each comes from.
package enum PacingPreset: String, CaseIterable, Sendable {
    case meta
    /// A number that Meta has raised to a thousand messages a second.
    case metaHighThroughput = "meta-high-throughput"
    /// A number that is also used on a phone.
    case metaCoexistence = "meta-coexistence"
    case respondio
    case prudent
    case wassenger
    /// Quick and even, for recipients who expect the messages.
    case steady
    /// For a web gateway with a young number.
    case gentle

    package var pacing: Pacing {
        switch self {
        case .meta: Pacing(RateLimit(80, per: .seconds(1), burst: 8))
        case .metaHighThroughput: Pacing(RateLimit(1000, per: .seconds(1), burst: 100))
        case .metaCoexistence: Pacing(RateLimit(20, per: .seconds(1), burst: 2))
        // 80 messages a second with a burst of 100, but 5 requests a second for each method: the
        // second of these limits holds whenever the first does.
        case .respondio: Pacing(RateLimit(5, per: .seconds(1), burst: 5))
        case .prudent: Pacing(RateLimit(25, per: .seconds(60)))
        case .wassenger: Self.imitation(gap: 25, jitterPercent: 20, lot: 25, pause: 300)
        case .steady: Self.imitation(gap: 5, jitterPercent: 0, lot: 50, pause: 60)
        case .gentle: Self.imitation(gap: 26, jitterPercent: 30, lot: 20, pause: 240)
        }
    }

    package var dailyCap: Int { self == .gentle ? 180 : Self.dailyCap }

    package var quietHours: Channel.QuietHours? {
        switch self {
        case .wassenger, .gentle: Channel.QuietHours(from: "23:00", until: "06:00")
        case .meta, .metaHighThroughput, .metaCoexistence, .respondio, .prudent, .steady: nil
        }
    }

    package static let dailyCap = 1000

    /// One message at a time, as a person writes; times in seconds.
    private static func imitation(
        gap: Int,
        jitterPercent: Int,
        lot: Int,
        pause: Int
    ) -> Pacing {
        Pacing(
            RateLimit(interval: .seconds(gap)),
            jitterPercent: jitterPercent,
            lot: Pacing.Lot(size: lot, pause: .seconds(pause))
        )
    }
}

extension PacingPreset {
    /// What a new channel starts with.
    package init(for provider: Provider) {
        self =
            switch provider {
            case .meta: .meta
            case .respondIO: .respondio
            case .wassenger: .wassenger
            case .waha, .evolution: .gentle
            }
    }
}

extension Channel {
    package mutating func follow(_ preset: PacingPreset) {
        pacing = preset.pacing
        dailyCap = preset.dailyCap
        quietHours = preset.quietHours
    }
}
