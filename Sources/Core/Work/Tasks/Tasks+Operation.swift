package import Database
package import FunctionContract

/// For operators, and for whoever wakes the workers.
extension Tasks {
    /// How every queue stands that has tasks or dead letters.
    package func statistics() throws(DatabaseError) -> [QueueStatistics] {
        let rows = try connection.platform(TaskSQL.queues)[0]
        return try statistics(
            of: rows.map { (row) throws(DatabaseError) -> String in try row.get("queue") }
        )
    }

    package func statistics(of queues: [String]) throws(DatabaseError) -> [QueueStatistics] {
        let limit = QueueStatistics.countLimit
        let rows = try connection.platform(TaskSQL.statistics(of: queues, upTo: limit))[0]
        return try rows.map { (row) throws(DatabaseError) in try QueueStatistics(row) }
    }

    /// Which process has which task in hand.
    package func held(limit: Int = 1000) throws(DatabaseError) -> [HeldTask] {
        let rows = try connection.platform(TaskSQL.held(limit: limit))[0]
        return try rows.map { (row) throws(DatabaseError) in try HeldTask(row) }
    }

    /// How many tasks ended how, hour by hour; they are counted, not kept.
    package func totals(since: Timestamp) throws(DatabaseError) -> [QueueTotal] {
        let rows = try connection.platform(TaskSQL.totals(since: since))[0]
        return try rows.map { (row) throws(DatabaseError) in try QueueTotal(row) }
    }

    /// Makes dead letters of expired tasks in queues that nobody claims from, and adds up what
    /// finished. To be called about once a minute, by anybody. A task that cannot be buried keeps
    /// no other.
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

    /// The latest dead letters of a queue, or of all; older ones than `before` to turn the page.
    package func dead(
        in queue: String? = nil,
        before: DeadTask? = nil,
        limit: Int = 100
    ) throws(DatabaseError) -> [DeadTask] {
        let rows = try connection.platform(TaskSQL.dead(queue, before, limit))[0]
        return try rows.map { (row) throws(DatabaseError) in try DeadTask(row) }
    }

    package func dead(_ id: UUID) throws(DatabaseError) -> DeadTask? {
        guard let row = try connection.platform(TaskSQL.dead(id))[0].first else { return nil }
        return try DeadTask(row)
    }

    /// Makes dead letters ready again, with all their attempts. One whose dedupe key is in use by
    /// now stays dead. Returns how many live.
    @discardableResult
    package func retryDead(_ ids: [UUID]) throws(DatabaseError) -> Int {
        try connection.platform(TaskSQL.retryDead(ids))[0].affected
    }

    @discardableResult
    package func dropDead(_ ids: [UUID]) throws(DatabaseError) -> Int {
        try connection.platform(TaskSQL.dropDead(ids))[0].affected
    }
}
