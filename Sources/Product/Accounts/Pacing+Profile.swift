package import Providers
private import Work

extension Pacing {
    /// The pacing that a profile defines.
    package init(_ profile: PacingProfile) {
        self.init(
            RateLimit(interval: profile.interval, burst: profile.burst),
            jitterPercent: profile.jitterPercent,
            lot: profile.lot.map { Lot(size: $0.size, pause: $0.pause) }
        )
    }
}

extension Channel {
    /// The daily cap of a channel whose profile has none.
    package static let usualDailyCap = 1000

    package mutating func follow(_ profile: PacingProfile) {
        pacing = Pacing(profile)
        dailyCap = profile.dailyCap ?? Self.usualDailyCap
        quietHours = profile.quiet.map { QuietHours(from: $0.from, until: $0.until) }
    }
}
