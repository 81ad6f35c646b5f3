import FunctionContract
import Providers
import Security

/// WAHA: sessions of WhatsApp Web, with the answers of its WEBJS engine.
enum SimulatedWAHA: JSONProvider {
    static let provider = Provider.waha

    static func plays(_ path: [String]) -> Bool { path.first == "api" }

    static func action(for call: Call, in world: inout World) -> Action {
        guard let token = call.header("x-api-key"), !token.isEmpty else {
            return refused(.unauthorized)
        }
        let path = Array(call.segments.dropFirst())
        guard let name = path.first else { return refused(.notFound("route")) }
        switch (call.method, name, path.count) {
        case ("GET", "contacts", 2) where path[1] == "check-exists": return exists(call, world)
        case ("GET", "sessions", 1):
            let sessions = world.scenario.accounts.filter { $0.provider == .waha }
            return .answer(Answer(200, .array(sessions.map(session))))
        case ("GET", "sessions", 2):
            return .answer(Answer(200, session(world.scenario.account(.waha, path[1]))))
        case ("GET", _, 4) where path[1] == "chats" && path[3] == "messages":
            return history(of: path[2], world.scenario.account(.waha, name), call, world)
        case ("POST", "sendSeen", 1), ("POST", "startTyping", 1), ("POST", "stopTyping", 1):
            return .answer(Answer(201, [:]))
        case ("PUT", "reaction", 1): return message(call, name, token, world)
        case ("POST", _, 1) where name.hasPrefix("send"): return message(call, name, token, world)
        default: return refused(.notFound("route"))
        }
    }

    static func message(for send: Send, in world: inout World) -> SentMessage {
        let bare = "3EB0" + world.ids.hexadecimal(16, uppercase: true)
        let id = "true_\(chat(send.recipient))_\(bare)"
        return SentMessage(send, id: id, waID: bare, at: world.now)
    }

    static func inboundID(from recipient: String, in world: inout World) -> String {
        "false_\(chat(recipient))_3A\(world.ids.hexadecimal(18, uppercase: true))"
    }

    static func acceptance(of message: SentMessage) -> Answer {
        let id: JSON = [
            "fromMe": true, "remote": .string(chat(message.recipient)),
            "id": .string(message.waID), "_serialized": .string(message.id),
        ]
        let timestamp = JSON.integer(seconds(message.at))
        return Answer(201, ["id": id, "ack": 0, "timestamp": timestamp, "_data": ["id": id]])
    }

    static func refusal(_ refusal: Refusal) -> Answer {
        switch refusal {
        case .unauthorized: error(401, "Unauthorized")
        case .malformed(let reason): error(400, reason)
        case .missing(let name): error(400, "\(name) should not be empty")
        case .invalid(let name, let reason): error(400, "\(name): \(reason)")
        case .notFound(let what): error(404, "\(what) not found")
        case .absent(let number): error(500, "No LID for user \(number)")
        case .templateMissing(let name): error(404, "Template \(name) not found")
        case .templateParameters: error(400, "Template parameters do not match")
        case .tooFast(let wait), .tooFastForRecipient(let wait):
            error(429, "Too many requests", retryAfter: (wait + 999) / 1000)
        case .scripted(let rule): scripted(rule)
        case .full: error(503, "The simulator keeps no more sends: reset it")
        }
    }

    static func proof(
        of body: [UInt8],
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)] {
        let code = HMAC.sha512(key: Array(secret.utf8), message: body)
        return [
            ("X-Webhook-Request-Id", String(id, radix: 16)),
            ("X-Webhook-Timestamp", String(now.milliseconds)),
            ("X-Webhook-Hmac", Base16.encode(code)),
            ("X-Webhook-Hmac-Algorithm", "sha512"),
        ]
    }

    /// `22890123456@c.us` for a number. The id of a chat stays unchanged.
    static func chat(_ recipient: String) -> String {
        recipient.hasPrefix("+") ? waID(recipient) + "@c.us" : recipient
    }
}

// MARK: - Errors

extension SimulatedWAHA {
    private static func error(
        _ status: Int,
        _ message: String,
        retryAfter seconds: Int? = nil
    ) -> Answer {
        Answer(status, ["statusCode": .integer(status), "error": .string(message)])
            .with("retry-after", seconds)
    }

    /// WAHA answers 422 when the session is not connected.
    private static func scripted(_ rule: ErrorRule) -> Answer {
        guard rule.status == 422 else {
            let message = rule.message ?? "Internal server error"
            return error(rule.status ?? 500, message, retryAfter: rule.retryAfterSeconds)
        }
        return Answer(
            422,
            [
                "error": "Session status is not as expected. Try again later or restart it",
                "status": .string(rule.message ?? "FAILED"), "expected": ["WORKING"],
            ]
        )
    }
}

// MARK: - Requests

extension SimulatedWAHA {
    private static func message(
        _ call: Call,
        _ name: String,
        _ token: String,
        _ world: World
    ) -> Action {
        guard let json = call.json, json.object != nil else {
            return refused(.malformed("The body is not valid JSON"))
        }
        let account = world.scenario.account(.waha, json["session"]?.string ?? "default")
        if let expected = account.token, expected != token { return refused(.unauthorized) }
        let part = Self.parts.first { $0.call == name }
        let content = part.flatMap { json[$0.member] }
        var send = Send(
            account,
            to: json["chatId"]?.string ?? target(of: json),
            part?.kind ?? name,
            content ?? .null
        )
        guard let part else { return .refuse(send, .notFound("route")) }
        if send.recipient.isEmpty { return .refuse(send, .missing("chatId")) }
        if content == nil || content?.string == "" {
            return .refuse(send, .missing(part.member))
        }
        send.buttons = (json["buttons"]?.array ?? []).compactMap { button in
            guard let id = button["id"]?.string, let title = button["text"]?.string else {
                return nil
            }
            return Send.Button(id: id, title: title)
        }
        return .send(send)
    }

    /// The member of the request that contains the content.
    private static let parts: [(call: String, kind: String, member: String)] = [
        ("sendText", "text", "text"), ("sendImage", "image", "file"),
        ("sendFile", "document", "file"), ("sendVoice", "audio", "file"),
        ("sendVideo", "video", "file"), ("sendButtons", "interactive", "body"),
        ("sendList", "interactive", "message"), ("reaction", "reaction", "reaction"),
    ]

    /// A reaction contains its chat only within the id of the message.
    private static func target(of json: JSON) -> String {
        let parts = (json["messageId"]?.string ?? "").split(separator: "_")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    private static func exists(_ call: Call, _ world: World) -> Action {
        guard let phone = call.parameter("phone"), !phone.isEmpty else {
            return refused(.missing("phone"))
        }
        let recipient = number(phone)
        if world.behaviour.isAbsent(recipient) {
            return .answer(Answer(200, ["numberExists": false]))
        }
        let chat = JSON.string(chat(recipient))
        return .answer(Answer(200, ["numberExists": true, "chatId": chat]))
    }

    private static func session(_ account: Account) -> JSON {
        [
            "name": .string(account.id), "status": "WORKING",
            "me": ["id": .string(chat(account.phone)), "pushName": "Simulator"],
        ]
    }
}
