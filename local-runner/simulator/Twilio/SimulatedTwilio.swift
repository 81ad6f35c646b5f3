import FunctionContract
import Providers
import Security

/// Twilio's Programmable Messaging: sends as forms, and the states of messages.
enum SimulatedTwilio: SimulatedProvider {
    static let provider = Provider.twilio

    static func plays(_ path: [String]) -> Bool { path.first == "2010-04-01" }

    static func action(for call: Call, in world: inout World) -> Action {
        guard let token = token(call) else { return refused(.unauthorized) }
        let path = Array(call.segments.dropFirst())
        guard path.count >= 3, path[0] == "Accounts", path[2].hasPrefix("Messages") else {
            return refused(.notFound("resource \(call.path)"))
        }
        switch (call.method, path.count) {
        case ("POST", 3): return message(call, path[1], token, world)
        case ("GET", 3): return history(call, world)
        case ("GET", 4):
            let id = String(path[3].split(separator: ".").first ?? "")
            guard let message = world.messages[id] else { return refused(.notFound(id)) }
            return .answer(Answer(200, json(of: message)))
        default: return refused(.notFound("resource \(call.path)"))
        }
    }

    static func message(for send: Send, in world: inout World) -> SentMessage {
        let id = (send.template == nil ? "SM" : "MM") + world.ids.hexadecimal(32)
        return SentMessage(send, id: id, at: world.now)
    }

    static func inboundID(from recipient: String, in world: inout World) -> String {
        "SM" + world.ids.hexadecimal(32)
    }

    static func acceptance(of message: SentMessage) -> Answer { Answer(201, json(of: message)) }

    static func refusal(_ refusal: Refusal) -> Answer {
        switch refusal {
        case .unauthorized: error(401, 20003, "Authenticate")
        case .malformed(let reason): error(400, 21620, reason)
        case .missing(let name): error(400, 21602, "A '\(name)' is required.")
        case .invalid(let name, let reason): error(400, 21617, "\(name): \(reason)")
        case .notFound(let what): error(404, 20404, "The requested \(what) was not found")
        case .absent(let number): error(400, 21211, "Invalid 'To' Phone Number: \(number)")
        case .templateMissing: error(400, 21655, "The ContentSid is Invalid")
        case .templateParameters:
            error(400, 21656, "The ContentVariables Parameter is invalid")
        case .tooFast(let wait), .tooFastForRecipient(let wait):
            error(429, 20429, "Too Many Requests").with("retry-after", (wait + 999) / 1000)
        case .scripted(let rule):
            error(rule.status ?? 400, rule.code ?? 63012, rule.message ?? "Error")
                .with("retry-after", rule.retryAfterSeconds)
        case .full: error(503, 20500, "The simulator keeps no more sends: reset it")
        }
    }

    private static func error(_ status: Int, _ code: Int, _ message: String) -> Answer {
        Answer(
            status,
            [
                "code": .integer(code), "message": .string(message), "status": .integer(status),
                "more_info": .string("https://www.twilio.com/docs/errors/\(code)"),
            ]
        )
    }
}

// MARK: - Requests

extension SimulatedTwilio {
    /// The part after the colon in `Basic …`.
    private static func token(_ call: Call) -> String? {
        guard let header = call.header("authorization"), header.hasPrefix("Basic "),
            let pair = Base64.decode(String(header.dropFirst("Basic ".count)))
        else { return nil }
        let parts = String(decoding: pair, as: UTF8.self).split(separator: ":", maxSplits: 1)
        return parts.count == 2 ? String(parts[1]) : nil
    }

    private static func message(
        _ call: Call,
        _ business: String,
        _ token: String,
        _ world: World
    ) -> Action {
        let form = FormFields(call.body)
        let sender = form["From"].map(bare) ?? form["MessagingServiceSid"]
        guard let sender else { return refused(.missing("From")) }
        let account = world.scenario.account(.twilio, sender)
        if let expected = account.token, expected != token { return refused(.unauthorized) }
        let said = form.pairs.filter { contentFields.contains($0.name) }
        let content = FormFields(said.map { ($0.name, $0.value) })
        var send = Send(
            account,
            to: form["To"].map(bare) ?? "",
            form["ContentSid"] == nil ? form["MediaUrl"] == nil ? "text" : "media" : "template",
            json(of: content),
            reference: form["StatusCallback"].flatMap(reference)
        )
        send.template = form["ContentSid"]
        guard form["To"]?.hasPrefix("whatsapp:+") == true else {
            return .refuse(send, .absent(form["To"] ?? ""))
        }
        if content.pairs.isEmpty { return .refuse(send, .missing("Body")) }
        if let body = form["Body"], body.unicodeScalars.count > 1600 {
            return .refuse(send, .invalid("Body", "it exceeds the 1600 character limit"))
        }
        if let variables = form["ContentVariables"],
            (try? JSONParser.parse(Array(variables.utf8)))?.object == nil
        {
            return .refuse(send, .templateParameters(expected: 0, found: 0))
        }
        return .send(send)
    }

    private static let contentFields: Set = ["Body", "MediaUrl", "ContentSid", "ContentVariables"]

    private static func json(of form: FormFields) -> JSON {
        .object(JSONObject(form.pairs.map { ($0.name, JSON.string($0.value)) }))
    }

    private static func bare(_ address: String) -> String {
        address.hasPrefix("whatsapp:") ? String(address.dropFirst("whatsapp:".count)) : address
    }

    /// The platform's reference, from the query of the callback.
    private static func reference(_ callback: String) -> String? {
        let query = callback.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        return FormFields(Array(query.utf8))["ref"]
    }

    private static func history(_ call: Call, _ world: World) -> Action {
        let recipient = bare(call.parameter("To") ?? "")
        let limit = call.parameter("PageSize").flatMap { Int($0) } ?? 50
        let found = world.messages.messages(to: recipient, by: .twilio, atMost: limit)
        return .answer(Answer(200, ["messages": .array(found.map { json(of: $0) })]))
    }

    private static func json(of message: SentMessage) -> JSON {
        let failure = message.receipts.compactMap(\.failure).last
        let updated = message.receipts.last?.at ?? message.at
        return [
            "sid": .string(message.id), "account_sid": .string(message.account.businessID),
            "from": .string("whatsapp:" + message.account.id),
            "to": .string("whatsapp:" + message.recipient), "direction": "outbound-api",
            "body": message.contentJSON["Body"] ?? "", "status": .string(word(message.status)),
            "date_created": .string(date(message.at)), "date_updated": .string(date(updated)),
            "error_code": failure?.code.flatMap { Int($0) }.map(JSON.integer) ?? .null,
            "error_message": failure?.title.map { .string($0) } ?? .null,
        ]
    }

    private static func word(_ status: DeliveryStatus) -> String {
        switch status {
        case .queued, .accepted: "queued"
        case .sent: "sent"
        case .failed: "undelivered"
        case .delivered: "delivered"
        case .read, .played: "read"
        }
    }

    /// The date in Twilio's form: `Fri, 24 May 2019 17:44:50 +0000`.
    private static func date(_ moment: Timestamp) -> String {
        moment.httpDate.dropLast(3) + "+0000"
    }
}

// MARK: - Webhooks

extension SimulatedTwilio {
    static func notice(for happening: Happening) -> Notice? {
        switch happening.news {
        case .receipt(let message, let status, let failure):
            return receipt(message, status, failure)
        case .message(let inbound): return received(inbound, happening.account)
        case .template, .account, .session: return nil
        }
    }

    private static func receipt(
        _ message: SentMessage,
        _ status: DeliveryStatus,
        _ failure: ProviderFailure?
    ) -> Notice {
        var form = FormFields([
            ("MessageSid", message.id), ("MessageStatus", word(status)),
            ("AccountSid", message.account.businessID),
            ("From", "whatsapp:" + message.account.id), ("To", "whatsapp:" + message.recipient),
            ("ChannelPrefix", "whatsapp"), ("ApiVersion", "2010-04-01"),
        ])
        if let code = failure?.code { form.add("ErrorCode", code) }
        if let title = failure?.title { form.add("ChannelStatusMessage", title) }
        return Notice(form, query: message.reference.map { [("ref", $0)] } ?? [])
    }

    private static func received(_ inbound: Inbound, _ account: Account) -> Notice? {
        var form = FormFields([
            ("MessageSid", inbound.id), ("SmsStatus", "received"),
            ("AccountSid", account.businessID), ("From", "whatsapp:" + inbound.from),
            ("To", "whatsapp:" + account.id), ("WaId", waID(inbound.from)),
            ("ProfileName", inbound.name), ("NumMedia", "0"),
            ("Body", inbound.content.words), ("ApiVersion", "2010-04-01"),
        ])
        switch inbound.content {
        // A typed answer does not name the message that it answers.
        case .text: form.add("MessageType", "text")
        case .button(let button):
            if let context = inbound.context {
                form.add("OriginalRepliedMessageSid", context.id)
                form.add("OriginalRepliedMessageSender", "whatsapp:" + account.id)
            }
            form.add("MessageType", button.isOfTemplate ? "button" : "interactive")
            form.add("ButtonText", button.title)
            form.add("ButtonPayload", button.id)
        // Twilio does not forward reactions.
        case .reaction: return nil
        }
        return Notice(form)
    }

    static func proof(
        of notice: Notice,
        at address: String,
        secret: String,
        id: UInt64,
        now: Timestamp
    ) -> [(name: String, value: String)] {
        let fields = FormFields(notice.body).pairs.sorted {
            ($0.name, $0.value) < ($1.name, $1.value)
        }
        let text = address + fields.map { $0.name + $0.value }.joined()
        let code = HMAC.sha1(key: Array(secret.utf8), message: Array(text.utf8))
        return [
            ("X-Twilio-Signature", Base64.encode(code)), ("I-Twilio-Idempotency-Token", "\(id)"),
        ]
    }
}
