private import Glibc

/// How often a transaction is retried, and after which pauses.
package struct Retry {
    /// The most runs of the transaction, including the first.
    package var attempts: Int
    package var firstPause: Duration = .milliseconds(10)
    package var longestPause: Duration = .milliseconds(500)
    /// A factor between 0 and 1 by which each pause is multiplied.
    package var random: () -> Double = { Double.random(in: 0...1) }
    package var sleep: (Duration) -> Void = pause

    package init(attempts: Int) {
        precondition(attempts >= 1, "a transaction runs at least once")
        self.attempts = attempts
    }

    package static var standard: Retry { Retry(attempts: 5) }
    package static var never: Retry { Retry(attempts: 1) }

    /// Doubles from `firstPause` to `longestPause`. Full jitter keeps competing transactions from
    /// colliding again.
    func pause(after attempt: Int) -> Duration {
        let doubled = firstPause * (1 << min(attempt - 1, 20))
        return min(doubled, longestPause) * random()
    }

    private static func pause(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        unsafe nanosleep(&time, nil)
    }
}
