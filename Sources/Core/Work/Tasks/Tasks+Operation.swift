package import Database
package import FunctionContract

/// For operators, and for the processes that wake workers.
extension Tasks {
    /// The state of every queue that has tasks or dead letters.
    package func statistics() throws(DatabaseError) -> [QueueStatistics] {
        let rows = try connection.platform(TaskSQL.queues)[0]
        return try statistics(
            of: rows.column("queue", as: String.self)
        )
    }

    package func statistics(of queues: [String]) throws(DatabaseError) -> [QueueStatistics] {
        let limit = QueueStatistics.countLimit
        let rows = try connection.platform(TaskSQL.statistics(of: queues, upTo: limit))[0]
        return try rows.map(QueueStatistics.init)
    }

    /// The tasks that processes hold now.
    package func held(limit: Int = 1000) throws(DatabaseError) -> [HeldTask] {
        let rows = try connection.platform(TaskSQL.held(limit: limit))[0]
        return try rows.map(HeldTask.init)
    }

    /// The number of tasks by outcome and hour. Only these counts are kept, not the tasks.
    package func totals(since: Timestamp) throws(DatabaseError) -> [QueueTotal] {
        let rows = try connection.platform(TaskSQL.totals(since: since))[0]
        return try rows.map(QueueTotal.init)
    }

    /// Turns expired tasks into dead letters, also in queues that nobody claims from, and adds up
    /// the counts of finished tasks. Call it about once a minute, from any process. A task that
    /// fails here does not stop the others.
    @discardableResult
    package func sweep(limit: Int = 1000) throws(DatabaseError) -> Sweep {
        var sweep = Sweep()
        try sweep.together(
            limit: limit,
            { (limit) throws(DatabaseError) in
                try connection.platform(TaskSQL.expire(limit: limit))[0].count
            },
            items: { (limit) throws(DatabaseError) in
                try connection.platform(TaskSQL.expired(limit: limit))[0]
            },
            name: { (row) throws(DatabaseError) in
                "the expired task \(try row.get("id", as: UUID.self))"
            },
            one: { (row) throws(DatabaseError) in
                try connection.platform(TaskSQL.expire(try row.get("id")))[0].count
            }
        )
        try connection.platform(TaskSQL.addUp)
        return sweep
    }

    /// The latest dead letters of one queue or of all. `before` is the last one of the previous
    /// page.
    package func dead(
        in queue: String? = nil,
        before: DeadTask? = nil,
        limit: Int = 100
    ) throws(DatabaseError) -> [DeadTask] {
        let rows = try connection.platform(TaskSQL.dead(queue, before, limit))[0]
        return try rows.map(DeadTask.init)
    }

    package func dead(_ id: UUID) throws(DatabaseError) -> DeadTask? {
        guard let row = try connection.platform(TaskSQL.dead(id))[0].first else { return nil }
        return try DeadTask(row)
    }

    /// Makes dead letters ready again, with all their attempts. A dead letter stays dead while
    /// another task uses its dedupe key. Returns how many became ready.
    @discardableResult
    package func retryDead(_ ids: [UUID]) throws(DatabaseError) -> Int {
        try connection.platform(TaskSQL.retryDead(ids))[0].affected
    }

    @discardableResult
    package func dropDead(_ ids: [UUID]) throws(DatabaseError) -> Int {
        try connection.platform(TaskSQL.dropDead(ids))[0].affected
    }
}
