package import Database
package import FunctionContract

/// The task queues, for a process that works for the whole platform. It claims tasks of every
/// workspace and runs each under the identity of that workspace.
package struct Tasks {
    let connection: Connection
    private let worker: String?
    private let tenantLimit: Int?

    /// `worker` names the process that will hold the claimed tasks, for operators to read. Claims
    /// leave each tenant at most `tenantLimit` tasks of a queue in hand, over all workers with that
    /// limit. Such claims wait for each other, so the limit is for queues of slow tasks.
    package init(_ connection: Connection, worker: String? = nil, tenantLimit: Int? = nil) {
        self.connection = connection
        self.worker = worker
        self.tenantLimit = tenantLimit
    }

    /// Enqueues in its own transaction and returns how many tasks are new or replaced.
    @discardableResult
    package func enqueue(
        _ tasks: [NewTask],
        whenPresent: NewTask.WhenPresent = .keep
    ) throws(DatabaseError) -> Int {
        try connection.platform(TaskSQL.enqueue(tasks, whenPresent))[0].affected
    }

    /// Claims up to `limit` due tasks and leases them for `lease`. Urgent tasks come first, and
    /// tenants take turns. Keep one front per queue and pass it to every claim.
    package func claim(
        _ queue: String,
        limit: Int,
        lease: Duration,
        front: inout ClaimFront
    ) throws(DatabaseError) -> Claim {
        try finish([], thenClaim: queue, limit: limit, lease: lease, front: &front).claim
    }

    /// Records the outcomes of the tasks that are still leased, in one round trip.
    package func finish(_ outcomes: [TaskOutcome]) throws(DatabaseError) -> Settlement {
        let finish = Finish(outcomes)
        let results = try connection.pipeline([PlatformScope.statement] + finish.statements)
        return try settlement(of: finish, results.dropFirst())
    }

    /// Finishes one batch and claims the next, in one round trip with one commit. Both happen or
    /// neither.
    package func finish(
        _ outcomes: [TaskOutcome],
        thenClaim queue: String,
        limit: Int,
        lease: Duration,
        front: inout ClaimFront
    ) throws(DatabaseError) -> (settlement: Settlement, claim: Claim) {
        let finish = Finish(outcomes)
        let began = ContinuousClock.now
        if tenantLimit != nil { front.lookNext() }
        let search = front.search(at: began)
        let claiming = TaskSQL.claim(
            queue,
            limit,
            lease,
            search,
            worker: worker,
            tenantLimit: tenantLimit
        )
        let alone = tenantLimit == nil ? [] : [TaskSQL.claimAlone(queue)]
        let results = try connection.pipeline(
            [PlatformScope.statement] + finish.statements + alone + [claiming]
        )
        let rows = results[results.count - 1]
        let claim = try Claim(rows, limit: limit, by: search)
        let now: Timestamp = try results[0][0].get("now")
        front.advance(by: search, over: claim.found, serverTime: now, began: began, ended: .now)
        return (
            try settlement(of: finish, results.dropFirst().prefix(finish.statements.count)), claim
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

    /// Extends the leases to `lease` from now. Returns the tasks that another worker holds by now:
    /// work on them must stop.
    package func extend(
        _ leases: [ClaimedTask.Lease],
        by lease: Duration
    ) throws(DatabaseError) -> [UUID] {
        let kept = try connection.platform(TaskSQL.extend(leases, by: lease))[0].ids()
        return leases.map(\.id).filter { !kept.contains($0) }
    }

    /// Returns tasks to the queue before any work on them. The attempt does not count.
    package func release(_ leases: [ClaimedTask.Lease]) throws(DatabaseError) {
        try connection.platform(TaskSQL.release(leases))
    }
}

// MARK: In the caller's transaction

extension Tasks {
    /// Enqueues in the caller's transaction.
    @discardableResult
    package static func enqueue(
        _ tasks: [NewTask],
        whenPresent: NewTask.WhenPresent = .keep,
        in transaction: Transaction
    ) throws(DatabaseError) -> Int {
        try transaction.query(TaskSQL.enqueue(tasks, whenPresent)).affected
    }

    /// The enqueue statement, for a transaction that is sent as a whole.
    package static func enqueueing(
        _ tasks: [NewTask],
        whenPresent: NewTask.WhenPresent = .keep
    ) -> Statement {
        TaskSQL.enqueue(tasks, whenPresent)
    }

    /// Finishes in the caller's transaction. A transaction with an identity can finish only the
    /// tasks of its workspace. Roll back the transaction when a task is stale.
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
