/// The circuit breaker of a channel: what a run of failures in a row does to it.
///
/// Below the threshold nothing. At it, the channel waits, twice as long with every failure more,
/// and then tries one message at a time until one goes through.
package struct Breaker: Sendable, Equatable {
    package static let threshold = 5
    package static let firstHold = Duration.seconds(30)
    package static let longestHold = Duration.seconds(30 * 60)

    /// Failures of the channel in a row.
    package private(set) var failures: Int

    package init(failures: Int) {
        self.failures = failures
    }

    /// The channel lets one message through and waits for what becomes of it.
    package var isTrying: Bool { failures >= Self.threshold }

    /// How long the channel waits before it sends again.
    package var hold: Duration {
        guard isTrying else { return .zero }
        let doublings = min(failures - Self.threshold, 10)
        return min(Self.firstHold * (1 << doublings), Self.longestHold)
    }

    /// What came back together, in the order in which it came. However many failed at once, that
    /// was one attempt to send again. A provider that says when to come back has not failed.
    package mutating func see(_ channels: [Verdict.Channel]) {
        let before = failures
        for channel in channels {
            switch channel {
            case .works: failures = 0
            case .doubtful, .hold(_, isAsked: false, _):
                failures = min(failures + 1, max(Self.threshold, before + 1))
            case .hold(_, isAsked: true, _), .pause: continue
            }
        }
    }

    /// How long the channel rests because of `channels`, which this breaker has just seen, and why.
    func rest(
        after channels: [Verdict.Channel],
        since before: Breaker
    ) -> (wait: Duration, reason: Reason?) {
        var rest: (wait: Duration, reason: Reason?) = (.zero, nil)
        if failures > before.failures { rest.wait = hold }
        for channel in channels {
            switch channel {
            case .works, .pause: continue
            case .doubtful(let why): rest.reason = why
            case .hold(let wait, _, let why): rest = (max(rest.wait, wait), why)
            }
        }
        return rest
    }
}
