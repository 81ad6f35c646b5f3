/// The pause before a failed task is retried. It doubles up to a limit. A random part keeps tasks
/// that failed together from returning together.
package struct BackOff: Sendable, Equatable {
    package var first: Duration
    package var longest: Duration

    package init(first: Duration = .seconds(5), longest: Duration = .seconds(3600)) {
        precondition(first > .zero && longest >= first, "a back-off grows from a positive pause")
        self.first = first
        self.longest = longest
    }

    /// The pause after the given attempt, counted from 1. `random` is between 0 and 1. The result
    /// is at least half of the full pause.
    package func pause(after attempt: Int, random: Double) -> Duration {
        precondition(attempt >= 1 && (0...1).contains(random))
        let doublings = min(attempt - 1, Self.doublingLimit)
        let whole = min(first * (1 << doublings), longest)
        return whole * (0.5 + random / 2)
    }

    private static let doublingLimit = 30
}
