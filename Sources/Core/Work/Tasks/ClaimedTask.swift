internal import Database
package import FunctionContract

/// A task that this process may work on until its lease ends.
package struct ClaimedTask: Sendable, Equatable {
    package let lease: Lease
    package let workspace: UUID?
    package let kind: String
    /// JSON text.
    package let payload: String
    /// Which attempt this is, from 1.
    package let attempt: Int
    package let maxAttempts: Int
    /// Why the attempt before it failed.
    package let lastError: String?
    package let createdAt: Timestamp
    let position: ClaimFront.Position

    package var id: UUID { lease.id }

    /// What a finish must show: whoever claimed the task later holds a higher token.
    package struct Lease: Sendable, Hashable {
        package let id: UUID
        package let token: Int

        package init(id: UUID, token: Int) {
            self.id = id
            self.token = token
        }
    }
}

/// What one claim brought.
package struct Claim: Sendable {
    /// In the order in which they are due.
    package let tasks: [ClaimedTask]
    /// How many became dead letters instead: expired, or their attempts used up by lost leases.
    package let buried: Int
    /// There may be more: claim again at once.
    package let isFull: Bool
}

extension ClaimedTask {
    init(_ row: Row) throws(DatabaseError) {
        lease = Lease(id: try row.get("id"), token: try row.get("lease_token"))
        workspace = try row.get("workspace")
        kind = try row.get("kind")
        payload = try row.get("payload")
        attempt = try row.get("attempts")
        maxAttempts = try row.get("max_attempts")
        lastError = try row.get("last_error")
        createdAt = try row.get("created_at")
        position = try ClaimFront.Position(row)
    }
}

extension ClaimFront.Position {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            priority: try row.get("priority"),
            runAt: try row.get("run_at"),
            id: try row.get("id")
        )
    }
}
