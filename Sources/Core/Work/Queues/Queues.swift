package import Database
package import FunctionContract

/// All queues: task queues, and the product's queues, which keep their work in their own tables.
package struct Queues {
    /// The work that a call to the queue's function would find.
    package struct Prospect: Sendable, Equatable {
        package let queue: String
        /// How many concurrent calls would find work now.
        package let calls: Int
        /// When more work becomes ready.
        package let nextAt: Timestamp?
    }

    /// The count of tasks stops here: no host makes more calls at once.
    private static let lookLimit = 1000

    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// The prospects of the given queues, and the server's time.
    package func look(
        at queues: [String]
    ) throws(DatabaseError) -> (prospects: [Prospect], now: Timestamp) {
        let results = try connection.pipeline([
            PlatformScope.statement,
            TaskSQL.statistics(of: queues, upTo: Self.lookLimit),
            Statement("SELECT queue, calls, next_at FROM relais.queues_to_call()"),
        ])
        let ours = try results[2].map(Prospect.init)
        let prospects = try results[1].map { (row) throws(DatabaseError) in
            let tasks = try QueueStatistics(row)
            return Prospect(tasks).joined(by: ours.first { $0.queue == tasks.queue })
        }
        return (prospects, try results[0][0].get("now"))
    }

    /// The state of every queue that is not empty.
    package func statistics() throws(DatabaseError) -> [QueueStatistics] {
        let tasks = try Tasks(connection).statistics()
        let backlogs = Statement(
            """
            SELECT queue, ready, leased, waiting, is_capped, next_at, 0 AS dead,
                0 AS failing, NULL AS failure,
                extract(epoch FROM statement_timestamp() - since)::float8 AS oldest_age
            FROM relais.queue_backlogs($1)
            WHERE ready + leased + waiting > 0
            """,
            .int32(Int32(QueueStatistics.countLimit))
        )
        let ours = try connection.platform(backlogs)[0].map(QueueStatistics.init)
        return (tasks + ours).sorted { $0.queue < $1.queue }
    }
}

extension Queues.Prospect {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        queue = try row.get("queue")
        calls = try row.get("calls")
        nextAt = try row.get("next_at")
    }

    fileprivate init(_ tasks: QueueStatistics) {
        (queue, calls, nextAt) = (tasks.queue, tasks.ready, tasks.nextAt)
    }

    /// The sum with the work of the product's queue of the same name.
    fileprivate func joined(by other: Queues.Prospect?) -> Queues.Prospect {
        guard let other else { return self }
        let next = [nextAt, other.nextAt].compactMap { $0 }.min()
        return Queues.Prospect(queue: queue, calls: calls + other.calls, nextAt: next)
    }
}
