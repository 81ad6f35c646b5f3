package import Database
package import FunctionContract

/// The queues, as the process sees them that works for the platform: it claims tasks of every
/// workspace, and does each under the identity of its own.
package struct Tasks {
    let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Enqueues in a transaction of its own and returns how many tasks are new or replaced.
    @discardableResult
    package func enqueue(
        _ tasks: [NewTask],
        whenPresent: NewTask.WhenPresent = .keep
    ) throws(DatabaseError) -> Int {
        try connection.platform(TaskSQL.enqueue(tasks, whenPresent))[0].affected
    }

    /// Takes up to `limit` tasks that are due, urgent ones first, and holds them for `lease`. Keep
    /// the front from claim to claim, one for each queue.
    package func claim(
        _ queue: String,
        limit: Int,
        lease: Duration,
        front: inout ClaimFront
    ) throws(DatabaseError) -> Claim {
        try finish([], thenClaim: queue, limit: limit, lease: lease, front: &front).claim
    }

    /// Records how the work ended, in one round trip, for those tasks that are still held.
    package func finish(_ outcomes: [TaskOutcome]) throws(DatabaseError) -> Settlement {
        let finish = Finish(outcomes)
        let results = try connection.pipeline([PlatformScope.statement] + finish.statements)
        return try settlement(of: finish, results.dropFirst())
    }

    /// Finishes one batch and claims the next, together or not at all, in one round trip with one
    /// commit.
    package func finish(
        _ outcomes: [TaskOutcome],
        thenClaim queue: String,
        limit: Int,
        lease: Duration,
        front: inout ClaimFront
    ) throws(DatabaseError) -> (settlement: Settlement, claim: Claim) {
        let finish = Finish(outcomes)
        let began = ContinuousClock.now
        let claiming = TaskSQL.claim(queue, limit, lease, from: front.positions(at: began))
        let results = try connection.pipeline(
            [PlatformScope.statement] + finish.statements + [claiming]
        )
        let rows = results[results.count - 1]
        let found = try rows.map { (row) throws(DatabaseError) in try ClaimFront.Position(row) }
        let isFull = found.count == limit
        let now: Timestamp = try results[0][0].get("now")
        front.advance(over: found, isFull: isFull, serverTime: now, began: began, ended: .now)
        return (
            try settlement(of: finish, results.dropFirst().dropLast()),
            try Claim(rows, isFull: isFull)
        )
    }

    private func settlement(
        of finish: Finish,
        _ results: ArraySlice<Rows>
    ) throws(DatabaseError) -> Settlement {
        try finish.settlement(results) { (statement) throws(DatabaseError) in
            try connection.platform(statement)[0]
        }
    }

    /// Holds the tasks for `lease` from now on, and returns those that could not be held because
    /// another worker has them: work on them must stop.
    package func extend(
        _ leases: [ClaimedTask.Lease],
        by lease: Duration
    ) throws(DatabaseError) -> [UUID] {
        let kept = try connection.platform(TaskSQL.extend(leases, by: lease))[0].ids()
        return leases.map(\.id).filter { !kept.contains($0) }
    }

    /// Gives back tasks that were not begun. The attempt does not count.
    package func release(_ leases: [ClaimedTask.Lease]) throws(DatabaseError) {
        try connection.platform(TaskSQL.release(leases))
    }
}

// MARK: In the caller's transaction

extension Tasks {
    /// Enqueues together with what else the transaction does.
    @discardableResult
    package static func enqueue(
        _ tasks: [NewTask],
        whenPresent: NewTask.WhenPresent = .keep,
        in transaction: Transaction
    ) throws(DatabaseError) -> Int {
        try transaction.query(TaskSQL.enqueue(tasks, whenPresent)).affected
    }

    /// Finishes together with what else the transaction does. A transaction with an identity can
    /// finish the tasks of its workspace only. When a task is stale, abandon the transaction.
    package static func finish(
        _ outcomes: [TaskOutcome],
        in transaction: Transaction
    ) throws(DatabaseError) -> Settlement {
        let finish = Finish(outcomes)
        let results = try transaction.pipeline(finish.statements)
        return try finish.settlement(results) { (statement) throws(DatabaseError) in
            try transaction.query(statement)
        }
    }
}

extension Claim {
    init(_ rows: Rows, isFull: Bool) throws(DatabaseError) {
        var tasks: [ClaimedTask] = []
        tasks.reserveCapacity(rows.count)
        for row in rows where try row.get("is_claimed") { tasks.append(try ClaimedTask(row)) }
        self.tasks = tasks
        self.buried = rows.count - tasks.count
        self.isFull = isFull
    }
}
