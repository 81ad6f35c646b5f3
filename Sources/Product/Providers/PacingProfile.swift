/// A named set of sending limits: rate, daily cap and quiet hours. A channel can override each
/// value; `Sources/Product/Sending/README.md` gives the source of each.
package struct PacingProfile: Equatable, Sendable {
    /// The number of messages between two long pauses, and the length of such a pause.
    package struct Lot: Equatable, Sendable {
        package let size: Int
        package let pause: Duration
    }

    package let name: String
    /// The time between two messages, and how many may be sent at once.
    package let interval: Duration
    package let burst: Int
    /// By how many percent the time between two messages varies, up and down.
    package let jitterPercent: Int
    package let lot: Lot?
    /// Nil for the platform's default.
    package let dailyCap: Int?
    /// Hours without messages, in the channel's time zone: `23:00` and `06:00`.
    package let quiet: (from: String, until: String)?

    init(
        _ name: String,
        every interval: Duration,
        burst: Int = 1,
        jitterPercent: Int = 0,
        lot: Lot? = nil,
        dailyCap: Int? = nil,
        quiet: (from: String, until: String)? = nil
    ) {
        self.name = name
        self.interval = interval
        self.burst = burst
        self.jitterPercent = jitterPercent
        self.lot = lot
        self.dailyCap = dailyCap
        self.quiet = quiet
    }

    package static func == (left: PacingProfile, right: PacingProfile) -> Bool {
        left.name == right.name
    }
}

extension PacingProfile {
    /// A rate that every provider tolerates.
    static let prudent = PacingProfile("prudent", every: .milliseconds(2400))

    /// A fast, regular rate for recipients who expect the messages.
    static let steady = PacingProfile(
        "steady",
        every: .seconds(5),
        lot: Lot(size: 50, pause: .seconds(60))
    )

    /// For a web gateway with a young number: one message at a time, at the rate of a person.
    static let gentle = PacingProfile(
        "gentle",
        every: .seconds(26),
        jitterPercent: 30,
        lot: Lot(size: 20, pause: .seconds(240)),
        dailyCap: 180,
        quiet: ("23:00", "06:00")
    )

    /// The profiles of all providers, then the general ones.
    package static let all: [PacingProfile] = {
        var profiles: [PacingProfile] = []
        for profile in Provider.allCases.flatMap(\.pacing) + [prudent, steady, gentle]
        where !profiles.contains(profile) {
            profiles.append(profile)
        }
        return profiles
    }()
}
