import FunctionContract
import Security
import Testing

@testable import Providers

@Suite struct EvolutionRequestTests {
    private let provider = Provider.evolution
    private let channel = ChannelAccess(
        baseURL: "http://evo:8080",
        token: "KEY",
        channelID: "relais 1"
    )
    private let phone = Recipient.phone("+22990123456")
    private let key = String(repeating: "k", count: 32)
    private let nowSeconds = 1_700_000_000

    @Test func verifiesTheTokenThatEvolutionSigns() throws {
        let claims = JSONObject([
            ("iat", .integer(nowSeconds)), ("exp", .integer(nowSeconds + 600)),
            ("app", "evolution"), ("action", "webhook"),
        ])
        let token = try JSONWebToken.sign(claims, key: Array(key.utf8))
        #expect(refusal("Bearer " + token, signing: [key]) == nil)
        #expect(refusal("Bearer " + token, signing: ["other", key]) == nil)
        #expect(refusal("Bearer " + token, signing: ["other"]) == .signatureMismatch)
        #expect(refusal("Bearer " + token, signing: [key], after: 700) == .timestampTooOld)
        #expect(refusal(token, signing: [key]) == .signatureMalformed)
        #expect(refusal(nil, signing: [key]) == .signatureMissing)
        var others = claims
        others["app"] = "other"
        let foreign = try JSONWebToken.sign(others, key: Array(key.utf8))
        #expect(refusal("Bearer " + foreign, signing: [key]) == .signatureMismatch)
    }

    @Test func takesASecretInTheAddressOrInAHeader() {
        func refusal(_ headers: HTTPFields, _ address: String?) -> WebhookRefusal? {
            let delivery = WebhookDelivery(headers: headers, body: [], addressSecret: address)
            return Refusal.of(provider, delivery, address: ["p"])
        }
        #expect(refusal([:], "p") == nil)
        #expect(refusal(["x-webhook-token": "p"], nil) == nil)
        #expect(refusal(["x-webhook-token": "q"], "q") == .addressSecretMismatch)
        #expect(refusal([:], nil) == .addressSecretMismatch)
        #expect(Refusal.of(provider, WebhookDelivery(headers: [:], body: [])) == .secretMissing)
    }

    @Test func writesMessages() throws {
        let text = try send(.text("Bonjour"), replyTo: "Q")
        #expect(text.description == "POST http://evo:8080/message/sendText/relais%201")
        #expect(text.headers["apikey"] == "KEY")
        let expected =
            #"""
            {"number":"22990123456","text":"Bonjour","linkPreview":false,
             "quoted":{"key":{"id":"Q"}}}
            """#
        #expect(try text.json == JSON(parsing: expected).sorted)
        let media = OutboundMedia(
            .document,
            .link("https://x/a.pdf"),
            caption: "c",
            fileName: "a.pdf",
            mimeType: "application/pdf"
        )
        let file =
            #"""
            {"number":"22990123456","mediatype":"document","mimetype":"application/pdf",
             "media":"https://x/a.pdf","fileName":"a.pdf","caption":"c"}
            """#
        #expect(try send(.media(media)).json == JSON(parsing: file).sorted)
        let reaction =
            #"""
            {"key":{"remoteJid":"22990123456@s.whatsapp.net","fromMe":false,"id":"A"},
             "reaction":""}
            """#
        #expect(try send(.reaction(to: "A", emoji: nil)).json == JSON(parsing: reaction).sorted)
        let buttons = ButtonMessage(body: "Oui ?", buttons: [.init(id: "y", title: "Oui")])
        let pressed =
            #"""
            {"number":"22990123456","title":"Oui ?","buttons":[{"type":"reply",
             "displayText":"Oui","id":"y"}]}
            """#
        #expect(try send(.buttons(buttons)).json == JSON(parsing: pressed).sorted)
        let list = ListMessage(
            header: "H",
            body: "B",
            button: "M",
            sections: [.init(rows: [.init(id: "1", title: "t")])]
        )
        let menu =
            #"""
            {"number":"22990123456","title":"H","description":"B","buttonText":"M",
             "sections":[{"title":"M","rows":[{"title":"t","description":"","rowId":"1"}]}]}
            """#
        #expect(try send(.list(list)).json == JSON(parsing: menu).sorted)
        #expect(throws: ProviderError.unsupported(.template, .evolution)) {
            try send(.template(TemplateMessage(name: "p", language: "fr")))
        }
    }

    @Test func asksForEverythingElse() throws {
        let check = try provider.request(for: .checkNumber("+22990123456"), through: channel)
        #expect(try check.json == ["numbers": ["22990123456"]])
        let read = try provider.request(
            for: .markRead(messageID: "A", from: .chat("9988@lid"), showsTyping: false),
            through: channel
        )
        #expect(try read.json["readMessages"]?[0]?["remoteJid"] == "9988@lid")
        let typing = try provider.request(for: .typing(to: phone, isOn: true), through: channel)
        #expect(try typing.json["presence"] == "composing")
        let file = try provider.request(
            for: .downloadMedia(.message(id: "A", chat: "1@lid")),
            through: channel
        )
        #expect(try file.json["message"]?["key"]?["id"] == "A")
        #expect(throws: ProviderError.self) {
            try provider.request(
                for: .downloadMedia(.url("http://169.254.169.254/")),
                through: channel
            )
        }
    }

    @Test func readsNumbersAndFiles() throws {
        #expect(
            provider.numberCheck(
                200,
                #"""
                [{"jid":"22990123456@s.whatsapp.net","exists":true,"number":"22990123456",
                 "lid":"9988@lid"}]
                """#
            )
                == .exists([ContactIdentity(.waID, "22990123456"), ContactIdentity(.lid, "9988")])
        )
        #expect(provider.numberCheck(200, #"[{"exists":false,"number":"22990123456"}]"#) == .absent)
        guard case .inconclusive = provider.numberCheck(200, "[]") else { throw Unexpected() }
        let reply = ProviderReply(
            status: 201,
            body: Array(#"{"base64":"AQID","mimetype":"image/png"}"#.utf8)
        )
        #expect(Evolution.media(in: reply)?.bytes == [1, 2, 3])
    }

    @Test(arguments: [
        (
            201,
            #"""
            {"key":{"remoteJid":"22990123456@s.whatsapp.net","fromMe":true,"id":"A"},
             "status":"PENDING"}
            """#,
            "accepted A"
        ),
        (201, "{}", "unknown"),
        (
            400,
            #"""
            {"status":400,"error":"Bad Request",
             "response":{"message":[{"jid":"1@s.whatsapp.net","exists":false,"number":"1"}]}}
            """#,
            "giveUp undeliverable"
        ),
        (
            400,
            #"""
            {"status":400,"error":"Bad Request",
             "response":{"message":["Error: Connection Closed"]}}
            """#,
            "pauseChannel"
        ),
        (400, #"{"response":{"message":["text is required"]}}"#, "giveUp none"),
        (
            404,
            #"""
            {"status":404,"error":"Not Found",
             "response":{"message":["The \"x\" instance does not exist"]}}
            """#,
            "pauseChannel"
        ),
        (401, "{}", "pauseChannel"), (500, #"{"error":"x"}"#, "unknown"), (503, "", "unknown"),
    ])
    func interpretsReplies(status: Int, body: String, expected: String) {
        #expect(summary(provider.outcome(status, body)) == expected)
    }

    private func send(_ content: OutboundContent, replyTo: String? = nil) throws -> ProviderRequest
    {
        let message = OutboundMessage(to: phone, content, replyTo: replyTo)
        return try provider.request(for: .send(message), through: channel)
    }

    private static let delays: [(seconds: Int, refusal: WebhookRefusal?)] = [
        (0, nil), (661, nil), (1215, nil), (87_000, nil), (87_060, .timestampTooOld),
    ]

    @Test(arguments: delays)
    func takesALateRetryAtTheRightAddress(seconds: Int, expected: WebhookRefusal?) throws {
        #expect(try lateRefusal(address: "p", after: seconds) == expected)
    }

    @Test func refusesALateRetryElsewhere() throws {
        #expect(try lateRefusal(address: "q", after: 700) == .timestampTooOld)
        #expect(try lateRefusal(address: nil, after: 700) == .timestampTooOld)
    }

    private func lateRefusal(address: String?, after seconds: Int) throws -> WebhookRefusal? {
        let key = String(repeating: "k", count: 32)
        let claims = JSONObject([
            ("iat", .integer(nowSeconds)), ("exp", .integer(nowSeconds + 600)),
            ("app", "evolution"), ("action", "webhook"),
        ])
        let token = try JSONWebToken.sign(claims, key: Array(key.utf8))
        return Refusal.of(
            provider,
            WebhookDelivery(
                headers: ["authorization": "Bearer " + token],
                body: [],
                addressSecret: address
            ),
            signing: [key],
            address: ["p"],
            now: Timestamp(milliseconds: Int64(nowSeconds + seconds) * 1000)
        )
    }

    private func refusal(
        _ header: String?,
        signing: [String],
        after seconds: Int = 0
    ) -> WebhookRefusal? {
        var headers = HTTPFields()
        headers["authorization"] = header
        return Refusal.of(
            provider,
            WebhookDelivery(headers: headers, body: []),
            signing: signing,
            now: Timestamp(milliseconds: Int64(nowSeconds + seconds) * 1000)
        )
    }
}
