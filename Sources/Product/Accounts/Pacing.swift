package import Work

/// How fast a channel may send without being refused or banned by its provider.
package struct Pacing: Sendable, Equatable {
    /// The number of messages between two long pauses, and the length of such a pause.
    package struct Lot: Sendable, Equatable {
        package let size: Int
        package let pause: Duration

        package init(size: Int, pause: Duration) {
            precondition(size > 0 && pause > .zero, "a lot holds messages and ends in a pause")
            self.size = size
            self.pause = pause
        }
    }

    /// The time between two messages, and how many may be sent at once.
    package let limit: RateLimit
    /// By how many percent the time between two messages varies, up and down.
    package let jitterPercent: Int
    package let lot: Lot?

    package init(_ limit: RateLimit, jitterPercent: Int = 0, lot: Lot? = nil) {
        precondition((0...90).contains(jitterPercent), "jitter leaves something of the gap")
        self.limit = limit
        self.jitterPercent = jitterPercent
        self.lot = lot
    }

    /// The maximum rate, with the shortest time that jitter allows between two messages.
    package var ceiling: RateLimit {
        RateLimit(interval: limit.interval * (100 - jitterPercent) / 100, burst: limit.burst)
    }

    /// Whether the channel sends one message at a time, as a person does, and computes a pause
    /// after each.
    package var goesOneByOne: Bool { jitterPercent > 0 || lot != nil }

    /// How long to wait after a message. `random` is between 0 and 1. `sent` counts the messages of
    /// the current lot, including this one.
    package func pause(afterMessage sent: Int, random: Double) -> Duration {
        if let lot, sent >= lot.size { return varied(lot.pause, random) }
        return varied(limit.interval, random)
    }

    private func varied(_ pause: Duration, _ random: Double) -> Duration {
        pause * (1 + Double(jitterPercent) / 100 * (2 * random - 1))
    }
}

extension Pacing: CustomStringConvertible {
    /// `80 a second`, or `one every 25 s ± 20 %, 300 s of pause after 25`.
    package var description: String {
        let perSecond = Duration.seconds(1) / limit.interval
        let rate =
            perSecond >= 1
            ? "\(Int(perSecond.rounded())) a second" : "one every \(Self.seconds(limit.interval)) s"
        let jitter = jitterPercent == 0 ? "" : " ± \(jitterPercent) %"
        return rate + jitter
            + (lot.map { ", \(Self.seconds($0.pause)) s of pause after \($0.size)" } ?? "")
    }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
