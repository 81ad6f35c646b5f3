import Database
import FunctionContract
import Work

extension StoreState {
    /// As on Lambda: two retries, after one and two minutes, for at most six hours.
    private static let maxAttempts = 3
    private static let maxAge = Duration.seconds(6 * 3600)
    private static let backOff = BackOff(first: .seconds(60), longest: .seconds(3600))
    /// The stored event must fit into a reply, where a quotation mark may take four bytes.
    private static let eventLimit = 1_048_576

    func storeInvocation(_ request: StoreRequest) throws -> HTTPReply {
        let function = try request.text("function")
        let event = try request.text("event")
        guard event.utf8.count <= Self.eventLimit else {
            throw Rejection(
                status: 413,
                code: "too_large",
                message: "an event that is stored may have \(Self.eventLimit) bytes at most,"
                    + " this one has \(event.utf8.count)"
            )
        }
        let payload: JSON = ["event": .string(event)]
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

    /// Claims as many invocations for each function as it has room for and as fit into one reply.
    mutating func claimInvocations(_ request: StoreRequest) throws -> HTTPReply {
        let rooms = try request.objects("functions").map(Room.init)
        let statistics = try tasks.statistics(of: rooms.map(\.queue))
        let waiting = Set(statistics.filter { $0.ready > 0 }.map(\.queue))
        var bytesLeft = Self.eventLimit
        var claimed: [JSON] = []
        // The order is random, so that large events of one function do not always displace the
        // others.
        for room in rooms.shuffled() where waiting.contains(room.queue) {
            claimed += try claim(room, &bytesLeft)
        }
        let next = claimed.isEmpty ? try untilDue(statistics) : .null
        return .json(["invocations": .array(claimed), "nextInMilliseconds": next])
    }

    private mutating func claim(_ room: Room, _ bytesLeft: inout Int) throws -> [JSON] {
        guard bytesLeft > 0 else { return [] }
        let claim = try tasks.claim(
            room.queue,
            limit: room.limit,
            lease: room.lease,
            front: &fronts[room.queue, default: ClaimFront()]
        )
        var fitting: [JSON] = []
        var others: [ClaimedTask.Lease] = []
        for task in claim.tasks {
            let isFirst = bytesLeft == Self.eventLimit
            bytesLeft -= task.payload.utf8.count
            if isFirst || bytesLeft >= 0 {
                fitting.append(Self.describe(task, function: room.function))
            } else {
                others.append(task.lease)
            }
        }
        if !others.isEmpty { try tasks.release(others) }
        return fitting
    }

    func finishInvocations(_ request: StoreRequest) throws -> HTTPReply {
        var outcomes: [TaskOutcome] = []
        var notTried: [ClaimedTask.Lease] = []
        for result in try request.objects("results") {
            let lease = try ClaimedTask.Lease(result)
            if try result.flag("notTried") {
                notTried.append(lease)
            } else {
                outcomes.append(TaskOutcome(lease, try Self.outcome(result)))
            }
        }
        if !notTried.isEmpty { try tasks.release(notTried) }
        let settlement = try tasks.finish(outcomes)
        return .json([
            "done": .integer(settlement.done), "retried": .integer(settlement.retried),
            "dead": .integer(settlement.dead), "stale": .integer(settlement.stale.count),
        ])
    }

    private static func outcome(_ result: StoreRequest) throws -> Outcome {
        guard let error = try result.optionalText("error") else { return .done }
        let attempt = try result.integer("attempt", 1...Int(Int32.max))
        let pause = backOff.pause(after: attempt, random: .random(in: 0..<1))
        return .retry(after: pause, error: error)
    }

    private static func describe(_ task: ClaimedTask, function: String) -> JSON {
        let payload = (try? JSONParser.parse(Array(task.payload.utf8))) ?? .null
        return [
            "id": .string(task.id.description), "token": .integer(task.lease.token),
            "attempt": .integer(task.attempt), "function": .string(function),
            "event": payload["event"] ?? .null,
        ]
    }

    /// How many invocations of its queue a function can run now.
    private struct Room {
        let function: String
        let limit: Int
        let lease: Duration

        init(_ request: StoreRequest) throws(Rejection) {
            function = try request.text("name")
            limit = try request.integer("limit", 1...1000)
            lease = .seconds(try request.integer("leaseSeconds", 1...86_400))
        }

        var queue: String { NewTask.invocationQueue(of: function) }
    }
}

extension ClaimedTask.Lease {
    fileprivate init(_ result: StoreRequest) throws(Rejection) {
        guard let id = UUID(try result.text("id")) else {
            throw .badRequest("id: expected a UUID")
        }
        self.init(id: id, token: try result.integer("token", 1...Int.max))
    }
}
