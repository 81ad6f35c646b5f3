import FunctionContract
import Providers
import Security

/// Evolution API 2: instances of Baileys.
enum SimulatedEvolution: JSONProvider {
    static let provider = Provider.evolution

    static func plays(_ path: [String]) -> Bool {
        ["message", "chat", "instance"].contains(path.first)
    }

    static func action(for call: Call, in world: inout World) -> Action {
        guard let token = call.header("apikey"), !token.isEmpty else {
            return refused(.unauthorized)
        }
        let path = call.segments
        if path.count == 2, path[1] == "fetchInstances" { return instances(world) }
        guard path.count == 3 else { return refused(.notFound("route")) }
        let account = world.scenario.account(.evolution, path[2])
        if let expected = account.token, expected != token { return refused(.unauthorized) }
        switch (call.method, path[0], path[1]) {
        case ("POST", "message", let name): return message(call, name, account, world)
        case ("POST", "chat", "whatsappNumbers"): return exists(call, world)
        case ("POST", "chat", "findMessages"): return history(account, call, world)
        case ("POST", "chat", "markMessageAsRead"):
            return .answer(Answer(201, ["message": "Read messages", "read": "success"]))
        case ("POST", "chat", "sendPresence"):
            return .answer(Answer(201, ["presence": "composing"]))
        case ("GET", "instance", "connectionState"):
            let state: JSON = ["instanceName": .string(account.id), "state": "open"]
            return .answer(Answer(200, ["instance": state]))
        default: return refused(.notFound("route"))
        }
    }

    static func message(for send: Send, in world: inout World) -> SentMessage {
        SentMessage(send, id: inboundID(from: send.recipient, in: &world), at: world.now)
    }

    static func inboundID(from recipient: String, in world: inout World) -> String {
        "3EB0" + world.ids.hexadecimal(16, uppercase: true)
    }

    static func acceptance(of message: SentMessage) -> Answer {
        let key: JSON = [
            "remoteJid": .string(chat(message.recipient)), "fromMe": true,
            "id": .string(message.id),
        ]
        let timestamp = JSON.integer(seconds(message.at))
        return Answer(201, ["key": key, "status": "PENDING", "messageTimestamp": timestamp])
    }

    static func refusal(_ refusal: Refusal) -> Answer {
        switch refusal {
        case .unauthorized: error(401, "Unauthorized", "Unauthorized")
        case .malformed(let reason): error(400, "Bad Request", .string(reason))
        case .missing(let name):
            error(400, "Bad Request", .string("instance requires property \"\(name)\""))
        case .invalid(let name, let reason):
            error(400, "Bad Request", .string("\(name): \(reason)"))
        case .notFound(let what): error(404, "Not Found", .string("Cannot find \(what)"))
        case .absent(let number):
            error(
                400,
                "Bad Request",
                [
                    "jid": .string(chat(number)), "exists": false,
                    "number": .string(waID(number)),
                ]
            )
        case .templateMissing(let name): error(404, "Not Found", .string(name))
        case .templateParameters: error(400, "Bad Request", "template parameters do not match")
        case .tooFast, .tooFastForRecipient: error(429, "Too Many Requests", "rate-overlimit")
        case .scripted(let rule): scripted(rule)
        case .full: error(503, "Service Unavailable", "the simulator keeps no more: reset it")
        }
    }

    /// Evolution does not sign bodies. A token that is valid for ten minutes authenticates the
    /// webhook.
    static func proof(
        of body: [UInt8],
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)] {
        let claims = JSONObject([
            ("iat", .integer(seconds(now))), ("exp", .integer(seconds(now) + 600)),
            ("app", "evolution"), ("action", "webhook"),
        ])
        // A key that is too short for a token is sent as a secret header instead.
        guard let token = try? JSONWebToken.sign(claims, key: Array(secret.utf8)) else {
            return [("X-Webhook-Token", secret)]
        }
        return [("Authorization", "Bearer " + token)]
    }

    static func repeats(after status: Int) -> Bool {
        !(200..<300).contains(status) && ![400, 401, 403, 404, 422].contains(status)
    }

    static func chat(_ recipient: String) -> String {
        recipient.hasPrefix("+") ? waID(recipient) + "@s.whatsapp.net" : recipient
    }
}

// MARK: - Errors

extension SimulatedEvolution {
    private static func error(_ status: Int, _ title: String, _ message: JSON) -> Answer {
        Answer(
            status,
            [
                "status": .integer(status), "error": .string(title),
                "response": ["message": [message]],
            ]
        )
    }

    private static func scripted(_ rule: ErrorRule) -> Answer {
        let message = JSON.string(rule.message ?? "Internal server error")
        return error(rule.status ?? 500, "Internal Server Error", message)
            .with("retry-after", rule.retryAfterSeconds)
    }
}

// MARK: - Requests

extension SimulatedEvolution {
    private static func message(
        _ call: Call,
        _ name: String,
        _ account: Account,
        _ world: World
    ) -> Action {
        guard let json = call.json, json.object != nil else {
            return refused(.malformed("The body is not valid JSON"))
        }
        let part = Self.parts.first { $0.call == name }
        let content = part.flatMap { json[$0.member] }
        let recipient = json["number"]?.string ?? json["key"]?["remoteJid"]?.string ?? ""
        var send = Send(account, to: recipient, part?.kind ?? name, content ?? .null)
        guard let part else { return .refuse(send, .notFound(name)) }
        if send.recipient.isEmpty { return .refuse(send, .missing("number")) }
        if content == nil || (content?.string == "" && part.kind != "reaction") {
            return .refuse(send, .missing(part.member))
        }
        if world.behaviour.isAbsent(send.recipient) {
            return .refuse(send, .absent(send.recipient))
        }
        send.buttons = (json["buttons"]?.array ?? []).compactMap { button in
            guard let id = button["id"]?.string, let title = button["displayText"]?.string else {
                return nil
            }
            return Send.Button(id: id, title: title)
        }
        return .send(send)
    }

    /// The member of the request that contains the content.
    private static let parts: [(call: String, kind: String, member: String)] = [
        ("sendText", "text", "text"), ("sendMedia", "media", "media"),
        ("sendWhatsAppAudio", "audio", "audio"), ("sendSticker", "sticker", "sticker"),
        ("sendButtons", "interactive", "title"), ("sendList", "interactive", "sections"),
        ("sendReaction", "reaction", "reaction"),
    ]

    private static func exists(_ call: Call, _ world: World) -> Action {
        guard let numbers = call.json?["numbers"]?.array, !numbers.isEmpty else {
            return refused(.missing("numbers"))
        }
        let answers = numbers.compactMap(\.string).map { text in
            let recipient = number(text)
            return [
                "jid": .string(chat(recipient)),
                "exists": .bool(!world.behaviour.isAbsent(recipient)), "number": .string(text),
            ] as JSON
        }
        return .answer(Answer(200, .array(answers)))
    }

    private static func instances(_ world: World) -> Action {
        let accounts = world.scenario.accounts.filter { $0.provider == .evolution }
        let list = accounts.map { account in
            [
                "name": .string(account.id), "connectionStatus": "open",
                "ownerJid": .string(chat(account.phone)),
            ] as JSON
        }
        return .answer(Answer(200, .array(list)))
    }
}
