import Database
import FunctionContract
import Work

extension StoreState {
    /// How much could be claimed now, and when the next task falls due.
    func lookAtQueues(_ request: StoreRequest) throws -> HTTPReply {
        let statistics = try tasks.statistics(of: try request.strings("queues"))
        return .json([
            "queues": .array(
                statistics.map { ["name": .string($0.queue), "ready": .integer($0.ready)] }),
            "nextInMilliseconds": try untilDue(statistics),
        ])
    }

    /// Every queue that holds something, for an operator.
    func describeQueues() throws -> HTTPReply {
        .json([
            "queues": .array(
                try tasks.statistics().map { queue in
                    [
                        "queue": .string(queue.queue), "ready": .integer(queue.ready),
                        "leased": .integer(queue.leased), "dead": .integer(queue.dead),
                        "isCapped": .bool(queue.isCapped),
                        "oldestReadySeconds": queue.oldestReadyAge
                            .map { .integer(Int($0.components.seconds)) } ?? .null,
                        "next": queue.nextAt.map { .string($0.description) } ?? .null,
                    ]
                })
        ])
    }

    func untilDue(_ statistics: [QueueStatistics]) throws(DatabaseError) -> JSON {
        guard let next = statistics.compactMap(\.nextAt).min() else { return .null }
        let now: Timestamp = try connection.query("SELECT statement_timestamp() AS now")[0]
            .get("now")
        return .integer(Int(max(0, next.microseconds - now.microseconds) / 1000) + 1)
    }
}
