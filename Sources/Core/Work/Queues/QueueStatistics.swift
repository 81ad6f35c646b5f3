internal import Database
package import FunctionContract

/// The state of a queue. Counting stops at a limit, so the query stays cheap for any queue length.
package struct QueueStatistics: Sendable, Equatable {
    package let queue: String
    /// Due work that no worker holds.
    package let ready: Int
    package let leased: Int
    /// Work that is not due yet, or held back by a limit or a pause.
    package let waiting: Int
    /// A count reached the limit; there may be more.
    package let isCapped: Bool
    /// How long the oldest ready item has been ready.
    package let oldestReadyAge: Duration?
    /// When more work becomes ready.
    package let nextAt: Timestamp?
    package let dead: Int
    /// Tasks that failed several times and are still retried, with one of their errors.
    package var failing = 0
    package var failure: String?

    /// The number of attempts from which a task counts as failing.
    package static let failureLimit = 3
    package static let countLimit = 10_000
}

extension QueueStatistics {
    init(_ row: Row) throws(DatabaseError) {
        queue = try row.get("queue")
        ready = try row.get("ready")
        leased = try row.get("leased")
        waiting = try row.get("waiting")
        isCapped = try row.get("is_capped")
        oldestReadyAge = try row.get("oldest_age", as: Double?.self).map { .seconds($0) }
        nextAt = try row.get("next_at")
        dead = try row.get("dead")
        failing = try row.get("failing")
        failure = try row.get("failure")
    }
}

/// The tasks of a queue that finished in one hour.
package struct QueueTotal: Sendable, Equatable {
    package let queue: String
    package let hour: Timestamp
    package let done: Int
    package let retried: Int
    package let dead: Int
}

extension QueueTotal {
    init(_ row: Row) throws(DatabaseError) {
        queue = try row.get("queue")
        hour = try row.get("hour")
        done = try row.get("done")
        retried = try row.get("retried")
        dead = try row.get("dead")
    }
}
