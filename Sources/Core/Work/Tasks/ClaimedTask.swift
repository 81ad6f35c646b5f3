internal import Database
package import FunctionContract

/// A task that this process may work on until its lease ends.
package struct ClaimedTask: Sendable, Equatable {
    package let lease: Lease
    package let workspace: UUID?
    package let kind: String
    /// JSON text.
    package let payload: String
    /// The number of this attempt, from 1.
    package let attempt: Int
    package let maxAttempts: Int
    /// The error of the previous attempt.
    package let lastError: String?
    package let createdAt: Timestamp
    let position: ClaimFront.Position

    package var id: UUID { lease.id }

    /// Proof of ownership for a finish. A later claim of the same task gets a higher token.
    package struct Lease: Sendable, Hashable {
        package let id: UUID
        package let token: Int

        package init(id: UUID, token: Int) {
            self.id = id
            self.token = token
        }
    }
}

/// The result of one claim.
package struct Claim: Sendable {
    /// In line: by priority, then by due time. By turns: the same order within each tenant.
    package let tasks: [ClaimedTask]
    /// Tasks that became dead letters instead: they expired, or lost leases used up their attempts.
    package let buried: Int
    /// There may be more due tasks: claim again at once.
    package let isFull: Bool
    /// The claim searched by turns, not in line.
    let isByTurns: Bool
    let found: ClaimFront.Found
}

/// A task that a process currently holds.
package struct HeldTask: Sendable, Equatable {
    package let id: UUID
    package let queue: String
    package let kind: String
    package let workspace: UUID?
    /// The process name, such as `verify-numbers 4711@host`.
    package let worker: String?
    package let attempt: Int
    package let leaseUntil: Timestamp
}

extension HeldTask {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        queue = try row.get("queue")
        kind = try row.get("kind")
        workspace = try row.get("workspace")
        worker = try row.get("worker")
        attempt = try row.get("attempts")
        leaseUntil = try row.get("lease_until")
    }
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

extension Claim {
    /// `limit` is the limit of the claim. Each row is a task, and tells how far the search came. A
    /// row without a task says only that.
    init(
        _ rows: Rows,
        limit: Int,
        by search: ClaimFront.Search
    ) throws(DatabaseError) {
        var tasks: [ClaimedTask] = []
        tasks.reserveCapacity(rows.count)
        var found = ClaimFront.Found()
        var ofTurn = 0
        for row in rows {
            found.isLap = try row.get("is_lap")
            guard let isClaimed: Bool = try row.get("is_claimed") else { continue }
            found.positions.append(try ClaimFront.Position(row))
            if let tenant: UUID = try row.get("turn") {
                ofTurn = tenant == found.tenants.last ? ofTurn + 1 : 1
                if ofTurn == 1 { found.tenants.append(tenant) }
                // A tenant that filled its share may have more tasks.
                if ofTurn == (try row.get("share", as: Int.self)) { found.isFull = true }
            }
            if isClaimed { tasks.append(try ClaimedTask(row)) }
        }
        let count = found.positions.count
        if count == limit || search.isByTurns && !found.isLap { found.isFull = true }
        self.init(
            tasks: tasks,
            buried: count - tasks.count,
            isFull: found.isFull,
            isByTurns: search.isByTurns,
            found: found
        )
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
