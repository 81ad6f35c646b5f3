internal import Providers

/// The circuit breaker of a channel: it counts failures in a row and decides how long to wait.
///
/// Below the threshold the channel does not wait. From the threshold on it waits, twice as long
/// after each further failure. It then tries one message at a time until one succeeds.
package struct Breaker: Sendable, Equatable {
    package static let threshold = 5
    package static let firstHold = Duration.seconds(30)
    package static let longestHold = Duration.seconds(30 * 60)

    /// Failures of the channel in a row.
    package private(set) var failures: Int

    package init(failures: Int) {
        self.failures = failures
    }

    /// The channel sends one message and waits for its result.
    package var isTrying: Bool { failures >= Self.threshold }

    /// How long the channel waits before it sends again.
    package var hold: Duration {
        guard isTrying else { return .zero }
        let doublings = min(failures - Self.threshold, 10)
        return min(Self.firstHold * (1 << doublings), Self.longestHold)
    }

    /// Counts the results of one batch, in their order. However many results fail, the batch can
    /// only raise the count to the threshold, or by one above it. A provider that says when to come
    /// back has not failed.
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

    /// How long the channel pauses because of `channels`, and why. This breaker has already seen
    /// them.
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
