import FunctionContract
import Providers
import Security

/// Meta's Cloud API: messages, message history, templates and media.
enum SimulatedMeta: JSONProvider {
    static let provider = Provider.meta

    /// Accepts a path with an API version at its start, or the path of one of our files.
    static func plays(_ path: [String]) -> Bool {
        guard let first = path.first else { return false }
        return first == "_media" || first.hasPrefix("v") && first.contains(".")
    }

    static func action(for call: Call, in world: inout World) -> Action {
        guard let token = call.bearerToken, !token.isEmpty else { return refused(.unauthorized) }
        if call.segments.first == "_media" { return download(call, world) }
        guard call.segments.count > 1 else { return refused(.notFound(call.path)) }
        let owner = call.segments[1]
        let account = world.scenario.account(.meta, owner)
        if let expected = account.token, expected != token { return refused(.unauthorized) }
        switch (call.method, call.segments.dropFirst(2).first) {
        case ("POST", "messages"), ("POST", "marketing_messages"):
            return message(call, account, world)
        case ("GET", "message_history"): return history(call, world)
        case ("POST", "message_templates"): return createTemplate(call, owner, &world)
        case ("GET", "message_templates"): return listTemplates(call, owner, world)
        case ("DELETE", "message_templates"): return deleteTemplate(call, owner, &world)
        case ("POST", "media"): return upload(call, &world)
        case ("GET", nil): return describe(owner, world)
        case ("DELETE", nil): return delete(owner, &world)
        default: return refused(.notFound(call.path))
        }
    }

    static func message(for send: Send, in world: inout World) -> SentMessage {
        SentMessage(send, id: inboundID(from: send.recipient, in: &world), at: world.now)
    }

    static func inboundID(from recipient: String, in world: inout World) -> String {
        let name = "\(waID(recipient))\u{15}\(world.ids.hexadecimal(20, uppercase: true))"
        return "wamid.HBg" + Base64URL.encode(Array(name.utf8))
    }

    static func acceptance(of message: SentMessage) -> Answer {
        Answer(
            200,
            [
                "messaging_product": "whatsapp",
                "contacts": [
                    [
                        "input": .string(message.recipient),
                        "wa_id": .string(waID(message.recipient)),
                    ]
                ],
                "messages": [["id": .string(message.id), "message_status": "accepted"]],
            ]
        )
    }

    static func proof(
        of body: [UInt8],
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)] {
        let code = HMAC.sha256(key: Array(secret.utf8), message: body)
        return [("X-Hub-Signature-256", "sha256=" + Base16.encode(code))]
    }

    private static func history(_ call: Call, _ world: World) -> Action {
        guard let id = call.parameter("message_id"), !id.isEmpty else {
            return refused(.missing("message_id"))
        }
        guard let message = world.messages[id] else { return .answer(Answer(200, ["data": []])) }
        let accepted: JSON = [
            "delivery_status": "ACCEPTED", "timestamp": .integer(seconds(message.at)),
        ]
        let events = message.receipts.map { receipt in
            [
                "delivery_status": .string(receipt.status.metaWord.uppercased()),
                "timestamp": .integer(seconds(receipt.at)),
            ] as JSON
        }
        let entry: JSON = [
            "id": .string(digest(Array(id.utf8))), "message_id": .string(id),
            "events": ["data": .array([accepted] + events)],
        ]
        return .answer(Answer(200, ["data": [entry]]))
    }
}

func seconds(_ moment: Timestamp) -> Int { Int(moment.milliseconds / 1000) }

extension DeliveryStatus {
    /// Meta's name of the status.
    var metaWord: String {
        switch self {
        case .queued, .accepted: "accepted"
        case .sent: "sent"
        case .failed: "failed"
        case .delivered: "delivered"
        case .read: "read"
        case .played: "played"
        }
    }
}
