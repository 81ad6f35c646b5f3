private import Database
internal import Providers

/// A claimed message and the verdict on its attempt.
package struct AttemptResult: Sendable, Equatable {
    package let message: ClaimedMessage
    package let verdict: Verdict

    package init(_ message: ClaimedMessage, _ verdict: Verdict) {
        self.message = message
        self.verdict = verdict
    }

    var providerIDs: [String] {
        if case .accepted(let names, _) = verdict.fate { names } else { [] }
    }

    var fateName: String {
        switch verdict.fate {
        case .accepted: "accepted"
        case .again: "again"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .unknown: "unknown"
        }
    }

    /// The message waits for another attempt.
    var goesAgain: Bool {
        if case .again = verdict.fate { true } else { false }
    }

    var waitSeconds: Double {
        if case .again(let wait, _, _) = verdict.fate { wait / .seconds(1) } else { 0 }
    }

    var countsAgainstMessage: Bool {
        if case .again(_, let counts, _) = verdict.fate { counts } else { false }
    }

    var reason: Reason? {
        switch verdict.fate {
        case .accepted: nil
        case .again(_, _, let reason), .failed(let reason, _), .cancelled(let reason),
            .unknown(let reason):
            reason
        }
    }

    var consequence: Consequence {
        if case .failed(_, let consequence) = verdict.fate { consequence } else { .none }
    }

    /// The identities that the provider reported for the recipient.
    var learned: [ContactIdentity] {
        guard case .accepted(_, let party) = verdict.fate else { return [] }
        return party.identities.filter { $0.kind != .phone && $0.kind != .providerContact }
    }
}
