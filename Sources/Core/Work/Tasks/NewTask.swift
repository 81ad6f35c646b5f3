internal import Database
package import FunctionContract

/// A task to enqueue.
package struct NewTask: Sendable, Equatable {
    package enum Priority: Int32, Sendable, CaseIterable {
        case urgent, high, normal, low
    }

    package var id: UUID
    package var queue: String
    /// The kind of work. The queue's function dispatches on it.
    package var kind: String
    /// JSON text.
    package var payload: String
    package var workspace: UUID?
    package var priority = Priority.normal
    /// Nil means now, by the server's clock.
    package var runAt: Timestamp?
    package var maxAttempts = 10
    /// After this time the task becomes a dead letter.
    package var expiresAt: Timestamp?
    /// A queue of a workspace has at most one unfinished task with this key.
    package var dedupeKey: String?

    package init(
        id: UUID = .v7(),
        queue: String,
        kind: String,
        payload: String = "{}",
        workspace: UUID?
    ) {
        self.id = id
        self.queue = queue
        self.kind = kind
        self.payload = payload
        self.workspace = workspace
    }

    /// What to do when an unfinished task already has the same key.
    package enum WhenPresent: Sendable {
        /// Drops the new task.
        case keep
        /// Replaces the payload and time of the unfinished task. If a worker holds that task now,
        /// it runs again afterwards, so no change is lost.
        case replace
    }
}

extension NewTask {
    /// The queue of a function that is invoked asynchronously.
    package static func invocationQueue(of function: String) -> String { "invoke:\(function)" }
}
