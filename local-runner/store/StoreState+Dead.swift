import Database
import FunctionContract
import Work

extension StoreState {
    private static let pageLimit = 50

    func listDead(_ request: StoreRequest) throws -> HTTPReply {
        let dead = try tasks.dead(in: request.parameter("queue"), limit: Self.pageLimit)
        return .json(["dead": .array(dead.map { $0.json(withPayload: false) })])
    }

    func showDead(_ id: String) throws -> HTTPReply {
        guard let task = try tasks.dead(try Self.identifier(id)) else {
            throw Rejection(status: 404, code: "not_found", message: "no dead letter \(id)")
        }
        return .json(task.json(withPayload: true))
    }

    /// Makes dead letters live again, or forgets them.
    func changeDead(_ action: String, _ request: StoreRequest) throws -> HTTPReply {
        let ids = try request.strings("ids").map(Self.identifier)
        switch action {
        case "retry": return .json(["changed": .integer(try tasks.retryDead(ids))])
        case "drop": return .json(["changed": .integer(try tasks.dropDead(ids))])
        default: throw Rejection.badRequest("expected retry or drop, found \(action)")
        }
    }

    private static func identifier(_ text: String) throws(Rejection) -> UUID {
        guard let id = UUID(text) else {
            throw .badRequest("\"\(text)\" is no id of a dead letter")
        }
        return id
    }
}

extension DeadTask {
    fileprivate func json(withPayload: Bool) -> JSON {
        var object = JSONObject([
            ("id", .string(id.description)), ("queue", .string(queue)), ("kind", .string(kind)),
            ("attempts", .integer(attempts)), ("reason", .string(reason.rawValue)),
            ("lastError", lastError.map { .string($0) } ?? .null),
            ("createdAt", .string(createdAt.description)),
            ("diedAt", .string(diedAt.description)),
        ])
        if withPayload {
            // The task itself keeps its secrets: it could not be tried again without.
            let payload = (try? JSONParser.parse(Array(payload.utf8))) ?? .string(payload)
            object["payload"] = Redaction.event(payload)
        }
        return .object(object)
    }
}
