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

    /// Requeues or deletes dead letters.
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
            // Secrets are hidden in this output only. The stored task needs them for another
            // attempt.
            let payload = (try? JSONParser.parse(Array(payload.utf8))) ?? .string(payload)
            object["payload"] = Redaction.event(payload)
        }
        return .object(object)
    }
}
