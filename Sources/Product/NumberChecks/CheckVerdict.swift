package import FunctionContract
package import Providers

/// The conclusion from a provider's answer about a number. Only a clear yes or no is recorded.
package enum CheckVerdict: Sendable, Equatable {
    /// The number is on WhatsApp, under these names.
    case present([ContactIdentity])
    case absent
    /// No clear answer: ask again later. If the channel itself is at fault, it pauses for
    /// `holdsChannel`.
    case unsure(String, holdsChannel: Duration?)

    package init(_ result: TransportResult, from provider: Provider, now: Timestamp) {
        switch provider.numberCheck(of: result, now: now) {
        case .exists(let identities): self = .present(identities)
        case .absent: self = .absent
        case .inconclusive(let outcome):
            let reason = outcome.reason.map { $0.detail ?? $0.english } ?? "no clear answer"
            self = .unsure(reason, holdsChannel: Self.hold(outcome))
        }
    }

    private static func hold(_ outcome: SendOutcome) -> Duration? {
        switch outcome {
        case .retry(let retry) where retry.scope == .channel: retry.wait(failures: 1)
        case .pauseChannel: .seconds(600)
        case .accepted, .retry, .pauseTemplate, .useTemplate, .giveUp, .unknown: nil
        }
    }

    /// How long to wait before the next check of a number after `failures` unclear answers.
    package static func pause(afterFailures failures: Int) -> Duration {
        min(.seconds(300) * (1 << (2 * min(max(failures, 0), 8))), .seconds(86_400))
    }
}
