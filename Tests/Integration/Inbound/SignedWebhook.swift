import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Providers
import Security

/// Webhooks as each provider sends them, and the functions that take them.
struct SignedWebhook {
    let body: [UInt8]
    var headers: HTTPFields
    var query: [String: String] = [:]
    private let key: [UInt8]

    init(
        _ body: [UInt8],
        from provider: Provider,
        secret: String = "signing-secret",
        address: String = "address-secret"
    ) {
        self.body = body
        headers = ["content-type": "application/json"]
        key = Array(secret.utf8)
        switch provider {
        case .meta:
            let code = HMAC.sha256(key: key, message: body)
            headers["x-hub-signature-256"] = "sha256=" + Base16.encode(code)
        case .respondIO:
            headers["x-webhook-signature"] = Base64.encode(HMAC.sha256(key: key, message: body))
        case .waha:
            headers["x-webhook-hmac"] = Base16.encode(HMAC.sha512(key: key, message: body))
            headers["x-webhook-hmac-algorithm"] = "sha512"
            query["secret"] = address
        case .wassenger: query["secret"] = address
        case .evolution:
            let now = Timestamp.now.microseconds / 1_000_000
            let claims =
                #"{"iat":\#(now),"exp":\#(now + 600),"app":"evolution","action":"webhook"}"#
            headers["x-webhook-token"] = address
            headers["authorization"] = Self.authorization(Array(claims.utf8), key: key)
        case .twilio: headers[Self.twilioHeader] = Self.unsigned
        }
    }

    init(_ body: String, from provider: Provider = .meta) {
        self.init(Array(body.utf8), from: provider)
    }

    func event(to provider: Provider, _ channel: UUID) -> HTTPEvent {
        var event = HTTPEvent()
        event.rawPath = "/webhooks/\(provider.rawValue)/\(channel)"
        event.requestContext.http.method = "POST"
        event.headers = headers
        if let value = headers[Self.twilioHeader] {
            let signature = twilioSignature(at: "https://localhost" + event.rawPath)
            event.headers[Self.twilioHeader] = value.replacing(Self.unsigned, with: signature)
        }
        event.queryStringParameters = query
        event.body = body
        return event
    }

    private static let twilioHeader = "x-twilio-signature"
    /// Stands for the signature until the address is known: Twilio signs it, too.
    private static let unsigned = "to-be-signed"

    private func twilioSignature(at address: String) -> String {
        let fields = FormFields(body).pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
        let text = address + fields.map { $0.name + $0.value }.joined()
        return Base64.encode(HMAC.sha1(key: key, message: Array(text.utf8)))
    }

    /// What Evolution proves a webhook with.
    static func authorization(_ claims: [UInt8], key: [UInt8]) -> String {
        let header = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
        let text = header + "." + Base64URL.encode(claims)
        let code = HMAC.sha256(key: key, message: Array(text.utf8))
        return "Bearer " + text + "." + Base64URL.encode(code)
    }
}

extension ChildProcess {
    /// Delivers a webhook to a running `inbound-webhook`.
    @discardableResult
    func deliver(_ webhook: SignedWebhook, to channel: Channel) throws -> JSON {
        try call(webhook.event(to: channel.provider, channel.id))
    }

    func call(_ event: HTTPEvent) throws -> JSON {
        try call(String(decoding: Event.http(event).bytes, as: UTF8.self))
    }

    /// Wakes a running `process-inbound` and takes its answer.
    @discardableResult
    func wake(deadline: Duration = .seconds(120)) throws -> JSON {
        feedWake(deadline: deadline)
        let line = try line()
        return try JSONParser.parse(line ?? [])
    }

    /// Calls it as its schedule does, and waits for its answer.
    func fire(_ schedule: String) throws -> JSON {
        let now = Timestamp.now
        feed(
            """
            {"specversion":"1.0","id":"1","source":"/schedules","type":"relais.schedule.fired",\
            "subject":"\(schedule)","time":"\(now.rfc3339)",\
            "deadlinems":\((now + .seconds(120)).milliseconds)}\n
            """
        )
        return try JSONParser.parse(try line(within: .seconds(120)) ?? [])
    }

    /// Wakes it, and leaves its answer to be taken.
    func feedWake(deadline: Duration = .seconds(120)) {
        let end = (Timestamp.now + deadline).milliseconds
        feed(
            """
            {"specversion":"1.0","id":"1","source":"/queues","type":"relais.queue.ready",\
            "data":{"queue":"inbound"},"deadlinems":\(end)}\n
            """
        )
    }
}

/// What Meta says, in its notation.
struct MetaWebhook {
    let channel: Channel

    func body(_ value: String, field: String = "messages") -> String {
        """
        {"object":"whatsapp_business_account","entry":[{"id":"\(channel.accountID ?? "")",\
        "time":1763600000,"changes":[{"field":"\(field)","value":{"messaging_product":"whatsapp",\
        "metadata":{"phone_number_id":"\(channel.externalID)"},\(value)}}]}]}
        """
    }

    /// News of the account: no number is named.
    func news(_ field: String, _ value: String, at seconds: Int = 1_763_600_000) -> String {
        """
        {"object":"whatsapp_business_account","entry":[{"id":"\(channel.accountID ?? "")",\
        "time":\(seconds),"changes":[{"field":"\(field)","value":{\(value)}}]}]}
        """
    }

    func status(
        _ id: String,
        _ status: String,
        at seconds: Int = 1_763_600_000,
        reference: String? = nil,
        extra: String = ""
    ) -> String {
        let echo = reference.map { #","biz_opaque_callback_data":"\#($0)""# } ?? ""
        return body(
            #""statuses":[{"id":"\#(id)","status":"\#(status)","timestamp":"\#(seconds)"\#(echo)\#(extra)}]"#
        )
    }

    func message(
        _ id: String,
        from number: String,
        _ content: String,
        at seconds: Int = Self.now,
        name: String = "Ama",
        context: String? = nil
    ) -> String {
        let reply = context.map { #","context":{"id":"\#($0)"}"# } ?? ""
        return body(
            #""contacts":[{"profile":{"name":"\#(name)"},"wa_id":"\#(number)"}],"#
                + #""messages":[{"id":"\#(id)","from":"\#(number)","timestamp":"\#(seconds)","#
                + #"\#(content)\#(reply)}]"#
        )
    }

    func text(
        _ id: String,
        from number: String,
        _ text: String,
        at seconds: Int = Self.now,
        name: String = "Ama",
        context: String? = nil
    ) -> String {
        let content = #""type":"text","text":{"body":\#(JSON.string(text).text)}"#
        return message(id, from: number, content, at: seconds, name: name, context: context)
    }

    static var now: Int { Int(Timestamp.now.microseconds / 1_000_000) }
}
