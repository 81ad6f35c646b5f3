/// A rate, and the burst that may exceed it.
package struct RateLimit: Sendable, Equatable {
    /// The time between two tokens.
    package let interval: Duration
    /// How many tokens an idle bucket gives at once. Any span of time gets at most `burst + span /
    /// interval` tokens.
    package let burst: Int

    package init(interval: Duration, burst: Int = 1) {
        precondition(interval >= .microseconds(1) && interval <= .seconds(86_400))
        precondition((1...100_000).contains(burst), "a burst is 1 to 100,000 tokens")
        self.interval = interval
        self.burst = burst
    }

    package init(_ tokens: Int, per span: Duration, burst: Int = 1) {
        precondition(tokens > 0, "a rate is at least one token")
        self.init(interval: span / tokens, burst: burst)
    }
}
