import FunctionContract
import Providers
import Security

/// respond.io v2: messages, their states, and the contact requests that sending needs.
enum SimulatedRespondIO: JSONProvider {
    static let provider = Provider.respondIO

    static func plays(_ path: [String]) -> Bool { path.first == "v2" }

    static func action(for call: Call, in world: inout World) -> Action {
        guard let token = call.bearerToken, !token.isEmpty else { return refused(.unauthorized) }
        let path = call.segments.dropFirst()
        guard path.first == "contact", path.count > 1 else { return refused(.notFound("route")) }
        let rest = Array(path.dropFirst())
        if rest[0] == "create_or_update", rest.count == 2, call.method == "POST" {
            return upsert(rest[1], &world)
        }
        let recipient = recipient(rest[0], world)
        switch (call.method, rest.count) {
        case ("POST", 1), ("PUT", 1): return upsert(rest[0], &world)
        case ("GET", 1): return contact(recipient, &world)
        case ("POST", 2) where rest[1] == "message": return message(call, recipient, token, world)
        case ("GET", 3) where rest[1] == "message" && rest[2] == "list":
            return history(recipient, call, &world)
        case ("GET", 3) where rest[1] == "message": return lookUp(rest[2], &world)
        default: return refused(.notFound("route"))
        }
    }

    static func message(for send: Send, in world: inout World) -> SentMessage {
        _ = world.contactID(of: send.recipient)
        let waID = SimulatedMeta.inboundID(from: send.recipient, in: &world)
        let id = inboundID(from: send.recipient, in: &world)
        return SentMessage(send, id: id, waID: waID, at: world.now)
    }

    /// A sixteen-digit number, as respond.io's ids are.
    static func inboundID(from recipient: String, in world: inout World) -> String {
        String(1_000_000_000_000_000 + world.ids.next() % 8_000_000_000_000_000)
    }

    static func acceptance(of message: SentMessage) -> Answer {
        Answer(200, ["messageId": integer(message.id)])
    }

    static func refusal(_ refusal: Refusal) -> Answer {
        switch refusal {
        case .unauthorized: error(401, "Unauthorized")
        case .malformed(let reason): error(400, reason)
        case .missing(let name): error(400, "Validation error: \"\(name)\" is required")
        case .invalid(let name, let reason):
            error(400, "Validation error: \"\(name)\": \(reason)")
        case .notFound(let what): error(404, "\(what) not found")
        case .absent: error(400, "The contact is not on WhatsApp")
        case .templateMissing(let name): error(400, "Template \(name) not found")
        case .templateParameters: error(400, "Template parameters do not match")
        case .tooFast(let wait), .tooFastForRecipient(let wait): tooFast(wait)
        case .scripted(let rule): scripted(rule)
        case .full: error(500, "The simulator keeps no more sends: reset it")
        }
    }

    static func proof(
        of body: [UInt8],
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)] {
        let code = HMAC.sha256(key: Array(secret.utf8), message: body)
        return [("X-Webhook-Signature", Base64.encode(code))]
    }

    /// The id as a JSON number, where it is one.
    static func integer(_ id: String) -> JSON { Int(id).map(JSON.integer) ?? .string(id) }
}

// MARK: - Errors

extension SimulatedRespondIO {
    private static func error(_ status: Int, _ message: String) -> Answer {
        Answer(status, ["code": .integer(status), "message": .string(message)])
    }

    private static func tooFast(_ waitMilliseconds: Int) -> Answer {
        error(429, "Too many requests")
            .with("retry-after", (waitMilliseconds + 999) / 1000)
            .with("x-ratelimit-remaining", 0)
    }

    private static func scripted(_ rule: ErrorRule) -> Answer {
        error(rule.status ?? 500, rule.message ?? "Internal server error")
            .with("retry-after", rule.retryAfterSeconds)
    }
}

// MARK: - Requests

extension SimulatedRespondIO {
    /// The person behind `phone:+…` or `id:…`; nil when there is none.
    private static func recipient(_ identifier: String, _ world: World) -> String? {
        let parts = identifier.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        if parts[0] == "id" { return Int(parts[1]).flatMap { world.contacts[$0] } }
        let recipient = number(String(parts[1]))
        return parts[0] == "phone" && recipient.hasPrefix("+") ? recipient : nil
    }

    private static func upsert(_ identifier: String, _ world: inout World) -> Action {
        guard let recipient = recipient(identifier, world) else {
            return refused(.invalid("identifier", "expected phone:+… or id:…"))
        }
        let id = world.contactID(of: recipient)
        return .answer(Answer(200, ["contactId": .integer(id), "message": "ok"]))
    }

    private static func contact(_ recipient: String?, _ world: inout World) -> Action {
        guard let recipient else { return refused(.notFound("Contact")) }
        let contact: JSON = [
            "id": .integer(world.contactID(of: recipient)),
            "firstName": .string(world.behaviour.name(of: recipient)),
            "phone": .string(recipient),
        ]
        return .answer(Answer(200, contact))
    }

    private static func lookUp(_ id: String, _ world: inout World) -> Action {
        guard let message = world.messages[id] else { return refused(.notFound("Message")) }
        return .answer(Answer(200, json(of: message, &world)))
    }

    private static func history(
        _ recipient: String?,
        _ call: Call,
        _ world: inout World
    ) -> Action {
        guard let recipient else { return refused(.notFound("Contact")) }
        let limit = call.parameter("limit").flatMap { Int($0) } ?? 10
        let found = world.messages.messages(to: recipient, by: .respondIO, atMost: limit)
        let items = found.map { json(of: $0, &world) }
        return .answer(Answer(200, ["items": .array(items), "pagination": [:]]))
    }

    private static func json(of message: SentMessage, _ world: inout World) -> JSON {
        let pending: JSON = ["value": "pending", "timestamp": .integer(milliseconds(message.at))]
        let receipts = message.receipts.map { receipt in
            var object = JSONObject([
                ("value", .string(receipt.status.metaWord)),
                ("timestamp", .integer(milliseconds(receipt.at))),
            ])
            if let failure = receipt.failure {
                object["message"] = .string(failure.title ?? "Message failed")
            }
            return JSON.object(object)
        }
        return [
            "messageId": integer(message.id), "channelMessageId": .string(message.waID),
            "contactId": .integer(world.contactID(of: message.recipient)),
            "channelId": integer(message.account.id), "traffic": "outgoing",
            "message": message.contentJSON, "status": .array([pending] + receipts),
        ]
    }

    static func milliseconds(_ moment: Timestamp) -> Int { Int(moment.milliseconds) }
}
