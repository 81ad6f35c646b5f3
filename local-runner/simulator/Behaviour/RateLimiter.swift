/// A token bucket for each key, with a burst and a rate, stored as one number (GCRA).
struct RateLimiter {
    /// A rate with its burst.
    struct Rate: Equatable, Sendable {
        var perSecond: Double
        var burst: Int
    }

    /// When each bucket is full again, in milliseconds. A full bucket need not be kept.
    private var fullAt: [String: Double] = [:]
    /// No bucket is full before this time.
    private var firstFullAt = Double.infinity
    private let keyLimit: Int

    init(keyLimit: Int = 100_000) {
        self.keyLimit = keyLimit
    }

    /// The buckets that are kept.
    var count: Int { fullAt.count }

    /// Takes a token and returns nil, or returns the milliseconds until the next token. A new key
    /// also waits while there are too many others.
    mutating func wait(for key: String, at now: Int64, _ rate: Rate) -> Int? {
        let interval = 1000 / rate.perSecond
        let now = Double(now)
        let full = max(fullAt[key] ?? now, now)
        let wait = full + interval - Double(rate.burst) * interval - now
        // The clock counts whole milliseconds: a request in the right millisecond is not early.
        guard wait < 1 else { return Int(wait.rounded(.up)) }
        if fullAt[key] == nil, let wait = makeRoom(at: now) { return wait }
        fullAt[key] = full + interval
        firstFullAt = min(firstFullAt, full + interval)
        return nil
    }

    /// Removes the full buckets if there are too many. If none is full, returns the milliseconds
    /// until one may be.
    private mutating func makeRoom(at now: Double) -> Int? {
        guard fullAt.count >= keyLimit else { return nil }
        if firstFullAt <= now {
            fullAt = fullAt.filter { $0.value > now }
            firstFullAt = fullAt.values.min() ?? .infinity
        }
        guard fullAt.count >= keyLimit else { return nil }
        return Int((firstFullAt - now).rounded(.up))
    }
}
