import FunctionContract
import Providers
import Security

/// Wassenger v1: messages, number checks and devices.
enum SimulatedWassenger: JSONProvider {
    static let provider = Provider.wassenger

    static func plays(_ path: [String]) -> Bool { path.first == "v1" }

    static func action(for call: Call, in world: inout World) -> Action {
        guard let token = call.header("token") ?? call.header("authorization"), !token.isEmpty
        else { return refused(.unauthorized) }
        let path = Array(call.segments.dropFirst())
        switch (call.method, path.first, path.count) {
        case ("POST", "messages", 1): return message(call, token, world)
        case ("GET", "messages", 1): return search(call, world)
        case ("GET", "messages", 2): return lookUp(path[1], world)
        case ("POST", "numbers", 2) where path[1] == "exists": return exists(call, world)
        case ("GET", "devices", 1):
            let devices = world.scenario.accounts.filter { $0.provider == .wassenger }
            return .answer(Answer(200, .array(devices.map(device))))
        case ("GET", "devices", 2):
            return .answer(Answer(200, device(world.scenario.account(.wassenger, path[1]))))
        case ("POST", "chat", 3) where path[2] == "typing":
            return .answer(Answer(200, ["status": "ok"]))
        default: return refused(.notFound("Route"))
        }
    }

    static func message(for send: Send, in world: inout World) -> SentMessage {
        let waID = "3EB0" + world.ids.hexadecimal(16, uppercase: true)
        let id = inboundID(from: send.recipient, in: &world)
        return SentMessage(send, id: id, waID: waID, at: world.now)
    }

    static func inboundID(from recipient: String, in world: inout World) -> String {
        world.ids.hexadecimal(24)
    }

    static func acceptance(of message: SentMessage) -> Answer {
        Answer(201, json(of: message, status: "queued"))
    }

    static func refusal(_ refusal: Refusal) -> Answer {
        switch refusal {
        case .unauthorized: error(401, "Unauthorized: API key is missing or not valid")
        case .malformed(let reason): error(400, reason)
        case .missing(let name): error(400, "Missing required field: \(name)")
        case .invalid(let name, let reason): error(400, "Invalid field \(name): \(reason)")
        case .notFound(let what): error(404, "\(what) not found")
        case .absent(let number):
            Answer(404, ["exists": false, "phone": .string(number), "status": 404])
        case .templateMissing(let name): error(404, "Template \(name) not found")
        case .templateParameters: error(400, "Template variables do not match")
        case .tooFast(let wait), .tooFastForRecipient(let wait):
            error(429, "Too many requests", retryAfter: (wait + 999) / 1000)
        case .scripted(let rule):
            error(
                rule.status ?? 500,
                rule.message ?? "Internal server error",
                retryAfter: rule.retryAfterSeconds
            )
        case .full: error(503, "The simulator keeps no more sends: reset it")
        }
    }

    static func proof(
        of body: [UInt8],
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)] {
        let code = HMAC.sha256(key: Array(secret.utf8), message: body)
        return [("X-Wassenger-Signature", "sha256=" + Base16.encode(code))]
    }

    private static func error(
        _ status: Int,
        _ message: String,
        retryAfter seconds: Int? = nil
    ) -> Answer {
        Answer(status, ["status": .integer(status), "message": .string(message)])
            .with("retry-after", seconds)
    }
}

// MARK: - Requests

extension SimulatedWassenger {
    private static func message(_ call: Call, _ token: String, _ world: World) -> Action {
        guard let json = call.json, json.object != nil else {
            return refused(.malformed("The body is not valid JSON"))
        }
        let account = world.scenario.account(.wassenger, json["device"]?.string ?? "default")
        if let expected = account.token, expected != token { return refused(.unauthorized) }
        let targets = ["phone", "group", "channel", "user"].compactMap { json[$0]?.string }
        let (kind, content) = content(of: json)
        var send = Send(
            account,
            to: targets.first ?? "",
            kind,
            content,
            reference: json["reference"]?.string
        )
        send.template = json["template"]?["name"]?.string
        if targets.isEmpty { return .refuse(send, .missing("phone")) }
        if targets.count > 1 {
            return .refuse(send, .invalid("phone", "one of phone, group, channel, user"))
        }
        if let phone = json["phone"]?.string, !isNumber(phone) {
            return .refuse(send, .invalid("phone", "expected E.164 with +, found \(phone)"))
        }
        if content.isNull { return .refuse(send, .missing("message")) }
        if let text = json["message"]?.string, text.unicodeScalars.count > 4096 {
            return .refuse(send, .invalid("message", "at most 4096 characters"))
        }
        return .send(send)
    }

    private static func isNumber(_ phone: String) -> Bool {
        phone.hasPrefix("+") && (8...16).contains(phone.utf8.count)
            && phone.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func content(of json: JSON) -> (kind: String, content: JSON) {
        for name in ["template", "reaction", "media", "location", "contacts", "poll", "list"] {
            guard let part = json[name] else { continue }
            return (name, [name: part, "message": json["message"] ?? .null])
        }
        guard let text = json["message"]?.string, !text.isEmpty else { return ("text", .null) }
        return ("text", .string(text))
    }

    private static func lookUp(_ id: String, _ world: World) -> Action {
        guard let message = world.messages[id] else { return refused(.notFound("Message")) }
        return .answer(Answer(200, json(of: message, status: message.status.wassengerWord)))
    }

    private static func search(_ call: Call, _ world: World) -> Action {
        guard let reference = call.parameter("reference") else {
            return refused(.missing("reference"))
        }
        let account = world.scenario.account(.wassenger, call.parameter("device") ?? "default")
        let found = world.messages.messages(referring: reference, from: account)
        return .answer(
            Answer(200, .array(found.map { json(of: $0, status: $0.status.wassengerWord) }))
        )
    }

    private static func exists(_ call: Call, _ world: World) -> Action {
        guard let phone = call.json?["phone"]?.string, isNumber(phone) else {
            return refused(.invalid("phone", "expected E.164 with +"))
        }
        if world.behaviour.isAbsent(phone) { return refused(.absent(phone)) }
        let answer: JSON = [
            "exists": true, "phone": .string(phone), "wid": .string(waID(phone) + "@c.us"),
            "isBusiness": false,
        ]
        return .answer(Answer(200, answer))
    }

    static func json(of message: SentMessage, status: String) -> JSON {
        var object = JSONObject([
            ("id", .string(message.id)), ("waId", .string(message.waID)),
            ("status", .string(status)), ("deliveryStatus", .string(status)),
            ("phone", .string(message.recipient)),
            ("wid", .string(waID(message.recipient) + "@c.us")),
            ("device", .string(message.account.id)),
            ("createdAt", .string(message.at.rfc3339)),
        ])
        if let text = message.contentJSON.string { object["message"] = .string(text) }
        if let reference = message.reference { object["reference"] = .string(reference) }
        if let failure = message.receipts.last?.failure { object["error"] = failure.wassengerJSON }
        return .object(object)
    }

    private static func device(_ account: Account) -> JSON {
        [
            "id": .string(account.id), "phone": .string(account.phone), "status": "operative",
            "session": ["status": "online"],
        ]
    }
}

extension DeliveryStatus {
    fileprivate var wassengerWord: String {
        switch self {
        case .queued, .accepted: "queued"
        case .sent, .failed, .delivered, .read, .played: metaWord
        }
    }
}
