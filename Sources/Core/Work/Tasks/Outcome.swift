internal import Database
package import FunctionContract

/// The outcome of the work on a task.
package enum Outcome: Sendable, Equatable {
    case done
    /// Succeeded, and due again after a pause. The attempt count starts again.
    case again(after: Duration)
    /// Retry after a pause. After the last attempt the task becomes a dead letter.
    case retry(after: Duration, error: String)
    /// No attempt can succeed. The task becomes a dead letter at once.
    case refused(error: String)
}

/// The outcome of one task, with the lease of the worker.
package struct TaskOutcome: Sendable, Equatable {
    package let lease: ClaimedTask.Lease
    package let outcome: Outcome

    package init(_ lease: ClaimedTask.Lease, _ outcome: Outcome) {
        self.lease = lease
        self.outcome = outcome
    }
}

/// The changes made by a finish.
package struct Settlement: Sendable, Equatable {
    package var done = 0
    package var retried = 0
    package var dead = 0
    /// Tasks that were not finished: their lease had ended, and another worker claimed or finished
    /// them. Do not commit any work for them in this transaction.
    package var stale: [UUID] = []

    package init() {}
}
