internal import Work

/// Keeps a channel's rate at the very moment of sending. Tokens say when messages may go; a process
/// that was held up between two of them must not make up for it by sending several at once.
struct Spacing {
    /// By how much a loop may wake up late without that adding up, message by message.
    private static let jitter = Duration.milliseconds(3)

    private let interval: Duration
    private let tolerance: Duration
    /// When a message would be due by the rate alone.
    private var arrival: ContinuousClock.Instant

    init(_ limit: RateLimit, now: ContinuousClock.Instant) {
        interval = limit.interval
        tolerance = limit.interval * (limit.burst - 1) + min(limit.interval / 4, Self.jitter)
        arrival = now
    }

    /// When the next message may go.
    var next: ContinuousClock.Instant { arrival - tolerance }

    mutating func take(now: ContinuousClock.Instant) {
        arrival = max(now, arrival) + interval
    }
}
