import Database
import FunctionContract
import Work

extension StoreState {
    /// As on Lambda: two more tries, a minute and two minutes later, for six hours at most.
    private static let maxAttempts = 3
    private static let maxAge = Duration.seconds(6 * 3600)
    private static let backOff = BackOff(first: .seconds(60), longest: .seconds(3600))
    /// Beyond the function's own time-out: for the reply to come back and be recorded.
    private static let leaseMargin = Duration.seconds(60)

    func storeInvocation(_ request: StoreRequest) throws -> HTTPReply {
        let function = try request.text("function")
        let payload: JSON = ["event": .string(try request.text("event"))]
        var task = NewTask(
            queue: NewTask.invocationQueue(of: function),
            kind: "invocation",
            payload: payload.text,
            workspace: nil
        )
        task.maxAttempts = Self.maxAttempts
        task.expiresAt = try serverTime() + Self.maxAge
        try tasks.enqueue([task])
        return .json(["id": .string(task.id.description)])
    }

    mutating func claimInvocations(_ request: StoreRequest) throws -> HTTPReply {
        var limit = try request.integer("limit")
        var claimed: [JSON] = []
        var queues: [String] = []
        for function in try request.objects("functions") {
            let name = try function.text("name")
            let queue = NewTask.invocationQueue(of: name)
            queues.append(queue)
            guard limit > 0 else { continue }
            let lease = .seconds(try function.integer("timeoutSeconds")) + Self.leaseMargin
            let claim = try tasks.claim(
                queue,
                limit: limit,
                lease: lease,
                front: &fronts[queue, default: ClaimFront()]
            )
            limit -= claim.tasks.count
            claimed += claim.tasks.map { Self.describe($0, function: name) }
        }
        let next = claimed.isEmpty ? try untilDue(try tasks.statistics(of: queues)) : .null
        return .json(["invocations": .array(claimed), "nextInMilliseconds": next])
    }

    func finishInvocations(_ request: StoreRequest) throws -> HTTPReply {
        var outcomes: [TaskOutcome] = []
        for result in try request.objects("results") {
            guard let id = UUID(try result.text("id")) else {
                throw Rejection.badRequest("id: expected a UUID")
            }
            let lease = ClaimedTask.Lease(id: id, token: try result.integer("token"))
            guard let error = result.optionalText("error") else {
                outcomes.append(TaskOutcome(lease, .done))
                continue
            }
            let pause = Self.backOff.pause(
                after: try result.integer("attempt"),
                random: .random(in: 0..<1)
            )
            outcomes.append(TaskOutcome(lease, .retry(after: pause, error: error)))
        }
        let settlement = try tasks.finish(outcomes)
        return .json([
            "done": .integer(settlement.done), "retried": .integer(settlement.retried),
            "dead": .integer(settlement.dead), "stale": .integer(settlement.stale.count),
        ])
    }

    private static func describe(_ task: ClaimedTask, function: String) -> JSON {
        let payload = (try? JSONParser.parse(Array(task.payload.utf8))) ?? .null
        return [
            "id": .string(task.id.description), "token": .integer(task.lease.token),
            "attempt": .integer(task.attempt), "function": .string(function),
            "event": payload["event"] ?? .null,
        ]
    }
}
