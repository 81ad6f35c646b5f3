import Database
import FunctionContract
import Work

extension StoreState {
    /// How much could be claimed now, and when the next task falls due.
    func lookAtQueues(_ request: StoreRequest) throws -> HTTPReply {
        let statistics = try tasks.statistics(of: try request.strings("queues"))
        return .json([
            "queues": .array(
                statistics.map { ["name": .string($0.queue), "ready": .integer($0.ready)] }
            ),
            "nextInMilliseconds": try untilDue(statistics),
        ])
    }

    /// Every queue that holds something, for an operator.
    func describeQueues() throws -> HTTPReply {
        .json(["queues": .array(try tasks.statistics().map(\.json))])
    }

    func untilDue(_ statistics: [QueueStatistics]) throws(DatabaseError) -> JSON {
        guard let next = statistics.compactMap(\.nextAt).min() else { return .null }
        let wait = try next.microseconds - serverTime().microseconds
        return .integer(Int(max(0, wait) / 1000) + 1)
    }
}

extension QueueStatistics {
    fileprivate var json: JSON {
        let waiting = oldestReadyAge.map { JSON.integer(Int($0.components.seconds)) }
        let next = nextAt.map { JSON.string($0.description) }
        return [
            "queue": .string(queue), "ready": .integer(ready), "leased": .integer(leased),
            "dead": .integer(dead), "isCapped": .bool(isCapped),
            "oldestReadySeconds": waiting ?? .null, "next": next ?? .null,
        ]
    }
}
