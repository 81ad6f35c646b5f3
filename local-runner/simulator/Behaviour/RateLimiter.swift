/// So many at once, so many a second, for each key: a token bucket kept as one number (GCRA).
struct RateLimiter {
    /// The limit; nil is none.
    struct Rate: Equatable, Sendable {
        var perSecond: Double
        var burst: Int
    }

    /// When each bucket is full again, in milliseconds.
    private var fullAt: [String: Double] = [:]

    /// Takes a token. Without one the result says in how many milliseconds there will be.
    mutating func wait(for key: String, at now: Int64, _ rate: Rate) -> Int? {
        let interval = 1000 / rate.perSecond
        let now = Double(now)
        let full = max(fullAt[key] ?? now, now)
        let wait = full + interval - Double(rate.burst) * interval - now
        // The clock counts whole milliseconds: who comes in the right one is not too early.
        guard wait < 1 else { return Int(wait.rounded(.up)) }
        if fullAt.count >= Self.keyLimit { fullAt = fullAt.filter { $0.value > now } }
        fullAt[key] = full + interval
        return nil
    }

    /// Full buckets are forgotten beyond this.
    private static let keyLimit = 100_000
}
