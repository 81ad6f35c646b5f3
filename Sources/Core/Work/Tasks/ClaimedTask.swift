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
    /// In line: urgent ones first, and then in the order in which they are due. By turns: the same
    /// for each tenant in turn.
    package let tasks: [ClaimedTask]
    /// How many became dead letters instead: expired, or their attempts used up by lost leases.
    package let buried: Int
    /// There may be more: claim again at once.
    package let isFull: Bool
    /// Every tenant was asked, from the start.
    let isByTurns: Bool
    let found: ClaimFront.Found
}

/// A task that a process has in hand.
package struct HeldTask: Sendable, Equatable {
    package let id: UUID
    package let queue: String
    package let kind: String
    package let workspace: UUID?
    /// The process, such as `verify-numbers 4711@host`.
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
    /// `limit` is how many were asked for.
    init(
        _ rows: Rows,
        limit: Int,
        isByTurns: Bool
    ) throws(DatabaseError) {
        var tasks: [ClaimedTask] = []
        tasks.reserveCapacity(rows.count)
        var found = ClaimFront.Found()
        var ofTurn = 0
        for row in rows {
            found.positions.append(try ClaimFront.Position(row))
            if let tenant: UUID = try row.get("turn") {
                ofTurn = tenant == found.tenants.last ? ofTurn + 1 : 1
                if ofTurn == 1 { found.tenants.append(tenant) }
                // Whoever filled a share may have more.
                if ofTurn == (try row.get("share", as: Int.self)) { found.isFull = true }
            }
            if try row.get("is_claimed") { tasks.append(try ClaimedTask(row)) }
        }
        if rows.count == limit { found.isFull = true }
        found.isLap = isByTurns && found.tenants.count < limit
        self.init(
            tasks: tasks,
            buried: rows.count - tasks.count,
            isFull: found.isFull,
            isByTurns: isByTurns,
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
