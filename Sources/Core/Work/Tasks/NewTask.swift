internal import Database
package import FunctionContract

/// A task to be enqueued.
package struct NewTask: Sendable, Equatable {
    package enum Priority: Int32, Sendable, CaseIterable {
        case urgent, high, normal, low
    }

    package var id: UUID
    package var queue: String
    /// What kind of work it is: the queue's function chooses by it.
    package var kind: String
    /// JSON text.
    package var payload: String
    package var workspace: UUID?
    package var priority = Priority.normal
    /// Nil is now, by the server's clock.
    package var runAt: Timestamp?
    package var maxAttempts = 10
    /// After this it is not worth doing any more.
    package var expiresAt: Timestamp?
    /// At most one unfinished task of a queue has this key.
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

    /// What to do when an unfinished task has the same key.
    package enum WhenPresent: Sendable {
        /// The new one is dropped.
        case keep
        /// The unfinished one takes the new payload and time. If somebody works on it right now, it
        /// runs again afterwards: no change is lost.
        case replace
    }
}

extension NewTask {
    /// The queue of a function that is invoked without waiting for its reply.
    package static func invocationQueue(of function: String) -> String { "invoke:\(function)" }
}
