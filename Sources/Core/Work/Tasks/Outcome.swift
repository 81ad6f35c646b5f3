internal import Database
package import FunctionContract

/// How the work on a task ended.
package enum Outcome: Sendable, Equatable {
    case done
    /// Well done, and due again after a pause. Attempts count anew.
    case again(after: Duration)
    /// To be tried again after a pause; a dead letter if that was its last attempt.
    case retry(after: Duration, error: String)
    /// No attempt can succeed: a dead letter at once.
    case refused(error: String)
}

/// The outcome of one task, with the lease under which it was worked on.
package struct TaskOutcome: Sendable, Equatable {
    package let lease: ClaimedTask.Lease
    package let outcome: Outcome

    package init(_ lease: ClaimedTask.Lease, _ outcome: Outcome) {
        self.lease = lease
        self.outcome = outcome
    }
}

/// What a finish changed.
package struct Settlement: Sendable, Equatable {
    package var done = 0
    package var retried = 0
    package var dead = 0
    /// Not finished: the lease had ended and another worker claimed the task, or finished it. What
    /// was done for them in this transaction must not be kept.
    package var stale: [UUID] = []

    package init() {}
}
