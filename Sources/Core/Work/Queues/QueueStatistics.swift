internal import Database
package import FunctionContract

/// How a queue stands. Counting stops at a limit, so asking stays cheap however long the queue is.
package struct QueueStatistics: Sendable, Equatable {
    package let queue: String
    /// What can be done now and nobody holds.
    package let ready: Int
    package let leased: Int
    /// What is not due yet, or held back by a limit or a pause.
    package let waiting: Int
    /// The counts are of the first only; there are more.
    package let isCapped: Bool
    /// For how long the oldest that is ready could have been done.
    package let oldestReadyAge: Duration?
    /// When more of it will be ready.
    package let nextAt: Timestamp?
    package let dead: Int
    /// What failed again and again and is still tried, and one of its errors.
    package var failing = 0
    package var failure: String?

    /// From so many attempts on a task fails again and again.
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

/// What finished in one hour.
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
