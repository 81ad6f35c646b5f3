import FunctionContract
import Security
import Testing

@testable import Providers

@Suite struct WAHARequestTests {
    private let provider = Provider.waha
    private let channel = ChannelAccess(
        baseURL: "http://waha:3000",
        token: "KEY",
        channelID: "default"
    )
    private let phone = Recipient.phone("+11111111111")

    @Test func verifiesTheVectorOfTheDocumentation() throws {
        let vector = try Fixture.json("waha/hmac_vector.json")
        let body = Array((vector["body"]?.string ?? "").utf8)
        let code = try #require(vector["X-Webhook-Hmac"]?.string)
        func refusal(_ headers: HTTPFields, _ key: String) -> WebhookRefusal? {
            Refusal.of(provider, WebhookDelivery(headers: headers, body: body), signing: [key])
        }
        let headers: HTTPFields = ["x-webhook-hmac": code, "x-webhook-hmac-algorithm": "sha512"]
        #expect(refusal(headers, "my-secret-key") == nil)
        #expect(refusal(headers, "other") == .signatureMismatch)
        #expect(refusal(["x-webhook-hmac": code], "my-secret-key") == nil)
        #expect(
            refusal(["x-webhook-hmac": code, "x-webhook-hmac-algorithm": "md5"], "my-secret-key")
                == .signatureMalformed
        )
        #expect(refusal([:], "my-secret-key") == .signatureMissing)
    }

    @Test(arguments: [
        ([String](), [String](), String?.none, WebhookRefusal?.some(.secretMissing)),
        ([], ["p"], "p", nil),
        ([], ["p"], nil, .addressSecretMismatch), (["k"], ["p"], "p", .signatureMissing),
    ])
    func asksForEverythingThatIsConfigured(
        signing: [String],
        address: [String],
        called: String?,
        refusal: WebhookRefusal?
    ) {
        let delivery = WebhookDelivery(headers: [:], body: [], addressSecret: called)
        #expect(Refusal.of(provider, delivery, signing: signing, address: address) == refusal)
    }

    @Test func writesTextAsTheDocumentationShows() throws {
        let request = try send(OutboundMessage(to: .phone("+12132132130"), .text("Hi there!")))
        #expect(request.description == "POST http://waha:3000/api/sendText")
        #expect(request.headers["x-api-key"] == "KEY")
        var json = try request.json.object
        json?["linkPreview"] = nil
        #expect(
            json.map(JSON.object) == (try Fixture.json("waha/api.send_messages.5.body.json").sorted)
        )
    }

    @Test func writesReactionsAsTheDocumentationShows() throws {
        let target = "false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA"
        let put = try send(OutboundMessage(to: phone, .reaction(to: target, emoji: "👍")))
        #expect(put.description == "PUT http://waha:3000/api/reaction")
        #expect(try put.json == Fixture.json("waha/api.send_messages.24.body.json").sorted)
        let removal = try send(OutboundMessage(to: phone, .reaction(to: target, emoji: nil)))
        #expect(try removal.json == Fixture.json("waha/api.send_messages.25.body.json").sorted)
    }

    @Test func writesAListAsTheDocumentationShows() throws {
        let rows = (1...3).map { ListMessage.Row(id: "option\($0)", title: "Option \($0)") }
        let list = ListMessage(
            header: "Simple Menu",
            body: "Please choose an option",
            footer: "Thank you!",
            button: "Choose",
            sections: [.init(title: "Main", rows: rows)]
        )
        let shown = try Fixture.json("waha/api.send_messages.19.body.json").withoutNulls.sorted
        #expect(try send(OutboundMessage(to: phone, .list(list))).json == shown)
    }

    @Test func writesMediaButtonsAndReadMarks() throws {
        let image = OutboundMedia(.image, .link("https://x/a.jpg"), caption: "c", fileName: "a.jpg")
        let json = try send(OutboundMessage(to: phone, .media(image), replyTo: "q")).json
        #expect(
            json["file"] == [
                "filename": "a.jpg", "mimetype": "image/jpeg", "url": "https://x/a.jpg",
            ]
        )
        #expect(json["caption"] == "c" && json["reply_to"] == "q")
        let voice = try send(
            OutboundMessage(to: phone, .media(OutboundMedia(.audio, .link("https://x/a.mp3"))))
        )
        #expect(voice.url.hasSuffix("/api/sendVoice"))
        #expect(try voice.json["convert"] == true)
        let buttons = ButtonMessage(body: "Oui ?", buttons: [.init(id: "y", title: "Oui")])
        let pressed = try send(OutboundMessage(to: phone, .buttons(buttons))).json
        #expect(pressed["buttons"] == [["id": "y", "text": "Oui", "type": "reply"]])
        let read = try provider.request(
            for: .markRead(
                messageID: "false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA",
                from: phone,
                showsTyping: false
            ),
            through: channel
        )
        #expect(try read.json == Fixture.json("waha/api.send_messages.3.body.json").sorted)
        let typing = try provider.request(for: .typing(to: phone, isOn: false), through: channel)
        #expect(typing.url.hasSuffix("/api/stopTyping"))
    }

    @Test(arguments: [
        (Recipient.identity(ContactIdentity(.lid, "9988")), String?.some("9988@lid")),
        (.chat("1-2@g.us"), "1-2@g.us"),
        (.identity(ContactIdentity(.waID, "229")), nil),
        (.identity(ContactIdentity(.waID, "22990123456")), "22990123456@c.us"),
        (.identity(ContactIdentity(.bsuid, "US.1")), nil),
    ])
    func addressesEveryKindOfRecipient(recipient: Recipient, chat: String?) {
        let request = try? send(OutboundMessage(to: recipient, .text("a")))
        #expect((try? request?.json["chatId"]?.string) == chat)
    }

    @Test(arguments: [
        ("http://localhost:3000/api/files/false_1.jpg", "http://waha:3000/api/files/false_1.jpg"),
        ("http://169.254.169.254/latest/meta-data", nil),
        ("http://evil.org/api/files/../../x", nil),
        ("/api/files/a.jpg", nil), ("", nil),
    ])
    func fetchesFilesOnlyFromItsOwnBase(url: String, own: String?) {
        let request = try? provider.request(for: .downloadMedia(.url(url)), through: channel)
        #expect(request?.url == own)
    }

    @Test func checksNumbers() throws {
        let request = try provider.request(for: .checkNumber("+22990123456"), through: channel)
        #expect(
            request.description
                == "GET http://waha:3000/api/contacts/check-exists"
                + "?phone=22990123456&session=default"
        )
        #expect(
            provider.numberCheck(200, #"{"numberExists":true,"chatId":"22990123456@c.us"}"#)
                == .exists([ContactIdentity(.waID, "22990123456")])
        )
        #expect(provider.numberCheck(200, #"{"numberExists":false}"#) == .absent)
        guard case .inconclusive = provider.numberCheck(422, "{}") else { throw Unexpected() }
    }

    @Test(arguments: [
        (201, #"{"id":"true_1@c.us_AB"}"#, "accepted true_1@c.us_AB"),
        (201, #"{"id":{"fromMe":true,"_serialized":"true_1@c.us_AB"}}"#, "accepted true_1@c.us_AB"),
        (201, #"{"key":{"id":"AB","remoteJid":"1@s.whatsapp.net"}}"#, "accepted AB"),
        (201, "{}", "unknown"),
        (
            422,
            #"""
            {"error":"Session status is not as expected","session":"default",
             "status":"SCAN_QR_CODE","expected":["WORKING"]}
            """#,
            "pauseChannel"
        ),
        (422, #"{"error":"bad chatId"}"#, "giveUp none"), (404, "{}", "pauseChannel"),
        (401, "{}", "pauseChannel"),
        (500, #"{"error":"timeout"}"#, "unknown"), (502, "", "unknown"),
        (429, "", "retry channel 30 x2"),
    ])
    func interpretsReplies(status: Int, body: String, expected: String) {
        #expect(summary(provider.outcome(status, body)) == expected)
    }

    private func send(_ message: OutboundMessage) throws -> ProviderRequest {
        try provider.request(for: .send(message), through: channel)
    }
}
