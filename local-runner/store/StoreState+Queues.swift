import Database
import FunctionContract
import Insight
import Work

extension StoreState {
    /// The number of calls that would find work now, and when more work is due.
    func lookAtQueues(_ request: StoreRequest) throws -> HTTPReply {
        let look = try queues.look(at: try request.strings("queues"))
        let next = look.prospects.compactMap(\.nextAt).min().map { next in
            JSON.integer(Self.milliseconds(from: look.now, to: next))
        }
        return .json([
            "queues": .array(
                look.prospects.map { ["name": .string($0.queue), "ready": .integer($0.calls)] }
            ),
            "nextInMilliseconds": next ?? .null,
        ])
    }

    /// Every queue that is not empty, for an operator.
    func describeQueues() throws -> HTTPReply {
        .json(["queues": .array(try queues.statistics().map(\.json))])
    }

    /// The health of the database and the counts of its queues, for an operator.
    func describeHealth() throws -> HTTPReply {
        .json(HealthReport(.reached(try PlatformHealth(of: connection))).json)
    }

    func untilDue(_ statistics: [QueueStatistics]) throws(DatabaseError) -> JSON {
        guard let next = statistics.compactMap(\.nextAt).min() else { return .null }
        return .integer(Self.milliseconds(from: try serverTime(), to: next))
    }

    private static func milliseconds(
        from now: Timestamp,
        to next: Timestamp
    ) -> Int {
        Int(max(0, next.microseconds - now.microseconds) / 1000) + 1
    }
}

extension QueueStatistics {
    fileprivate var json: JSON {
        let oldest = oldestReadyAge.map { JSON.integer(Int($0.components.seconds)) }
        let next = nextAt.map { JSON.string($0.description) }
        return [
            "queue": .string(queue), "ready": .integer(ready), "leased": .integer(leased),
            "waiting": .integer(waiting), "dead": .integer(dead), "isCapped": .bool(isCapped),
            "oldestReadySeconds": oldest ?? .null, "next": next ?? .null,
        ]
    }
}
