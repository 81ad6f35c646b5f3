/// A token bucket for each key, with a burst and a rate, stored as one number (GCRA).
struct RateLimiter {
    /// A rate with its burst.
    struct Rate: Equatable, Sendable {
        var perSecond: Double
        var burst: Int
    }

    /// When each bucket is full again, in milliseconds.
    private var fullAt: [String: Double] = [:]

    /// Takes a token and returns nil, or returns the milliseconds until the next token.
    mutating func wait(for key: String, at now: Int64, _ rate: Rate) -> Int? {
        let interval = 1000 / rate.perSecond
        let now = Double(now)
        let full = max(fullAt[key] ?? now, now)
        let wait = full + interval - Double(rate.burst) * interval - now
        // The clock counts whole milliseconds: a request in the right millisecond is not early.
        guard wait < 1 else { return Int(wait.rounded(.up)) }
        if fullAt.count >= Self.keyLimit { fullAt = fullAt.filter { $0.value > now } }
        fullAt[key] = full + interval
        return nil
    }

    /// Above this many keys, full buckets are removed.
    private static let keyLimit = 100_000
}
