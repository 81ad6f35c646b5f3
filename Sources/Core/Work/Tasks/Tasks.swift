package import Database
package import FunctionContract

/// The queues, as the process sees them that works for the platform: it claims tasks of every
/// workspace, and does each under the identity of its own.
package struct Tasks {
    let connection: Connection
    private let worker: String?

    /// `worker` is the process that will hold what is claimed, for operators to read.
    package init(_ connection: Connection, worker: String? = nil) {
        self.connection = connection
        self.worker = worker
    }

    /// Enqueues in a transaction of its own and returns how many tasks are new or replaced.
    @discardableResult
    package func enqueue(
        _ tasks: [NewTask],
        whenPresent: NewTask.WhenPresent = .keep
    ) throws(DatabaseError) -> Int {
        try connection.platform(TaskSQL.enqueue(tasks, whenPresent))[0].affected
    }

    /// Takes up to `limit` tasks that are due, and holds them for `lease`: urgent ones first, and
    /// every tenant in turn. Keep the front from claim to claim, one for each queue.
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
        let search = front.search(at: began)
        let claiming = TaskSQL.claim(queue, limit, lease, search, worker: worker)
        let results = try connection.pipeline(
            [PlatformScope.statement] + finish.statements + [claiming]
        )
        let rows = results[results.count - 1]
        let claim = try Claim(rows, limit: limit, isByTurns: search.isByTurns)
        let now: Timestamp = try results[0][0].get("now")
        front.advance(by: search, over: claim.found, serverTime: now, began: began, ended: .now)
        return (try settlement(of: finish, results.dropFirst().dropLast()), claim)
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

    /// The statement that enqueues, for a transaction that is sent as a whole.
    package static func enqueueing(
        _ tasks: [NewTask],
        whenPresent: NewTask.WhenPresent = .keep
    ) -> Statement {
        TaskSQL.enqueue(tasks, whenPresent)
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
