internal import Work

/// Enforces a channel's rate at the moment of sending. Tokens say when messages may go. A process
/// that was delayed between two tokens must not catch up by sending several at once.
struct Spacing {
    /// How late the loop may wake up without the delay adding up over messages.
    private static let jitter = Duration.milliseconds(3)

    private let interval: Duration
    private let tolerance: Duration
    /// When the next message is due by the rate alone.
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
