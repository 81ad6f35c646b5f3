/// How fast a channel may send. Every number is a setting of the channel; the presets are where
/// settings start.
package struct Pacing: Equatable, Sendable {
    /// The usual time between two messages.
    package var interval: Duration
    /// How much each gap may be longer or shorter: a fixed gap is how machines are recognised.
    package var jitter: Duration = .zero
    /// No gap is shorter than this, whatever the jitter.
    package var leastGap: Duration = .zero
    /// How many messages may leave at once after a silence.
    package var burst = 1
    package var breaks: [Break] = []
    /// Gaps for a young channel, by the number of messages that it has ever sent.
    package var warmUp: [WarmUp] = []
    package var dailyCap: Int?
    package var quietHours: QuietHours?
    package var pair: PairLimit?
    /// Requests a second to the provider, for each HTTP method.
    package var requestsPerSecond: Int?
    /// How long "typing…" shows before a message.
    package var typing: ClosedRange<Duration>?
    package var brake: EmergencyBrake?

    /// A longer pause after so many messages in a row.
    package struct Break: Equatable, Sendable {
        package var afterMessages: Int
        package var pause: ClosedRange<Duration>
        /// Again after as many more; otherwise once a day.
        package var repeats: Bool
    }

    /// The gap while fewer than so many messages were ever sent.
    package struct WarmUp: Equatable, Sendable {
        package var belowSent: Int
        package var gap: ClosedRange<Duration>
    }

    /// Hours of the channel's day in which nothing is sent; they may span midnight.
    package struct QuietHours: Equatable, Sendable {
        package var fromHour: Int
        package var untilHour: Int

        package func contain(hour: Int) -> Bool {
            fromHour <= untilHour
                ? (fromHour..<untilHour).contains(hour) : hour >= fromHour || hour < untilHour
        }
    }

    /// How fast one recipient may be written to.
    package struct PairLimit: Equatable, Sendable {
        package var interval: Duration
        package var burst: Int
    }

    /// When a channel stops by itself, and for how long.
    package struct EmergencyBrake: Equatable, Sendable {
        /// After a 429 or a word of spam.
        package var warningPause: Duration
        package var consecutiveErrorLimit: Int
        package var errorLimit: Int
        package var errorWindow: Duration
        package var errorPause: Duration
    }

    /// The gap before the next message of a channel that has sent `sent` in its life; `random`
    /// lies in 0..<1.
    package func gap(sent: Int, random: Double) -> Duration {
        if let tier = warmUp.first(where: { sent < $0.belowSent }) {
            let width = tier.gap.upperBound - tier.gap.lowerBound
            return tier.gap.lowerBound + width * random
        }
        return max(leastGap, interval + jitter * (2 * random - 1))
    }
}
