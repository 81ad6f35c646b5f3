package import Database
package import FunctionContract

/// All queues alike: those that hold tasks, and those of the product, whose work stands in tables
/// of its own.
package struct Queues {
    /// What calling the function of a queue would find.
    package struct Prospect: Sendable, Equatable {
        package let queue: String
        /// How many calls at once would find work now.
        package let calls: Int
        /// When there will be more.
        package let nextAt: Timestamp?
    }

    /// Tasks that are counted in a look; nobody makes more calls than that at once.
    private static let lookLimit = 1000

    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// The prospects of these queues, and the server's time.
    package func look(
        at queues: [String]
    ) throws(DatabaseError) -> (prospects: [Prospect], now: Timestamp) {
        let results = try connection.pipeline([
            PlatformScope.statement,
            TaskSQL.statistics(of: queues, upTo: Self.lookLimit),
            Statement("SELECT queue, calls, next_at FROM relais.queues_to_call()"),
        ])
        let ours = try results[2].map { (row) throws(DatabaseError) in try Prospect(row) }
        let prospects = try results[1].map { (row) throws(DatabaseError) in
            let tasks = try QueueStatistics(row)
            return Prospect(tasks).joined(by: ours.first { $0.queue == tasks.queue })
        }
        return (prospects, try results[0][0].get("now"))
    }

    /// How every queue stands that holds something.
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
        let ours = try connection.platform(backlogs)[0].map { (row) throws(DatabaseError) in
            try QueueStatistics(row)
        }
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

    /// Together with what else is found under its name.
    fileprivate func joined(by other: Queues.Prospect?) -> Queues.Prospect {
        guard let other else { return self }
        let next = [nextAt, other.nextAt].compactMap { $0 }.min()
        return Queues.Prospect(queue: queue, calls: calls + other.calls, nextAt: next)
    }
}
