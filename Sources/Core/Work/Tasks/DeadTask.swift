internal import Database
package import FunctionContract

/// A task that is not retried unless somebody requests it.
package struct DeadTask: Sendable, Equatable {
    package enum Reason: String, Sendable {
        /// The last attempt failed, or its lease ran out.
        case exhausted
        /// The task passed its `expiresAt`.
        case expired
        /// The worker reported that no attempt can succeed.
        case refused
    }

    package let id: UUID
    package let queue: String
    package let workspace: UUID?
    package let kind: String
    package let payload: String
    package let attempts: Int
    package let reason: Reason
    package let lastError: String?
    package let createdAt: Timestamp
    package let diedAt: Timestamp
}

extension DeadTask {
    init(_ row: Row) throws(DatabaseError) {
        let word: String = try row.get("reason")
        guard let reason = Reason(rawValue: word) else {
            throw DatabaseError(.decoding, "a dead task has the unknown reason \(word)")
        }
        id = try row.get("id")
        queue = try row.get("queue")
        workspace = try row.get("workspace")
        kind = try row.get("kind")
        payload = try row.get("payload")
        attempts = try row.get("attempts")
        self.reason = reason
        lastError = try row.get("last_error")
        createdAt = try row.get("created_at")
        diedAt = try row.get("died_at")
    }
}
