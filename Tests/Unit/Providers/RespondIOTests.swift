import FunctionContract
import Security
import Testing

@testable import Providers

@Suite struct RespondIOTests {
    private let provider = Provider.respondIO
    private let channel = ChannelAccess(
        baseURL: "https://api.respond.io/v2",
        token: "KEY",
        channelID: "51"
    )

    @Test(arguments: ["1262965213", #""1262965213""#])
    func readsAMessageWhateverItsIDsAre(id: String) throws {
        let body = #"""
            {"event_type":"message.received","event_id":"e1",
             "contact":{"id":\#(id),"firstName":"Awa","lastName":"Dossou","phone":"+22990123456",
              "email":null},
             "message":{"messageId":\#(id),"channelMessageId":"wamid.1","contactId":\#(id),
              "channelId":51,"traffic":"incoming",
              "timestamp":1669271350000,"message":{"type":"text","text":"Bonjour"}},
             "channel":{"id":51,"name":"WA","source":"whatsapp_cloud"}}
            """#
        let event = try provider.only(body)
        let message = try provider.message(body)
        #expect(event.dedupeKey == "e1")
        #expect(event.channel.id == "51")
        #expect(event.occurredAt == Timestamp(milliseconds: 1_669_271_350_000))
        #expect(message.id.all == ["1262965213", "wamid.1"])
        #expect(
            message.sender.identities == [
                ContactIdentity(.providerContact, "1262965213"),
                ContactIdentity(.phone, "+22990123456"),
            ]
        )
        #expect(message.sender.profileName == "Awa Dossou")
        #expect(message.text == "Bonjour")
    }

    @Test func makesAKeyWhereTheEventHasNone() throws {
        let body =
            #"""
            {"event_type":"message.received","contact":{"id":1},"message":{"messageId":7,
             "message":{"type":"text","text":"a"}}}
            """#
        #expect(try provider.only(body).dedupeKey == "message.received:7")
    }

    @Test func readsOurOwnMessages() throws {
        let body = #"""
            {"event_type":"message.sent","contact":{"id":1,"phone":"+229"},
             "sender":{"source":"user","userId":3},
             "message":{"messageId":7,"traffic":"outgoing","message":{"type":"text","text":"a"}}}
            """#
        let echo = try provider.echo(body)
        #expect(echo.recipient[.providerContact] == "1")
        #expect(echo.sender == Party())
    }

    @Test(arguments: [
        (
            #"""
            {"type":"attachment","attachment":{"type":"image","url":"https://x/a.jpg",
             "fileName":"a.jpg"}}
            """#,
            Media.Kind.image
        ),
        (
            #"""
            {"type":"attachment","attachment":{"type":"file","url":"https://x/a.pdf",
             "mimeType":"application/pdf"}}
            """#,
            .document
        ),
        (#"{"type":"attachment","attachment":{"type":"audio","url":"https://x/a.ogg"}}"#, .audio),
        (#"{"type":"audio","attachment":{"url":"https://x/a.ogg"}}"#, .audio),
        (#"{"type":"file","attachment":{"url":"https://x/a","mimeType":"a/b"}}"#, .document),
    ])
    func readsAttachments(content: String, kind: Media.Kind) throws {
        let body =
            #"""
            {"event_type":"message.received","contact":{"id":1},
             "message":{"messageId":7,"message":\#(content)}}
            """#
        guard case .media(let media) = try provider.message(body).content else {
            throw Unexpected()
        }
        #expect(media.kind == kind)
        #expect(media.url?.hasPrefix("https://x/a") == true)
    }

    @Test(arguments: [
        "{}", "[]", #"{"event_type":"contact.updated","contact":{"id":1}}"#,
        #"{"event_type":"message.received"}"#,
        #"{"event_type":"message.received","message":{"messageId":null}}"#,
        #"{"event_type":"call.ended"}"#,
    ])
    func keepsWhatItDoesNotUnderstand(body: String) throws {
        guard case .unknown = try provider.only(body).kind else { throw Unexpected() }
    }

    @Test func verifiesASignatureInBase64() {
        let body = Array(#"{"event_type":"message.received"}"#.utf8)
        let code = Base64.encode(HMAC.sha256(key: Array("k".utf8), message: body))
        func refusal(_ header: String?, _ keys: [String]) -> WebhookRefusal? {
            var headers = HTTPFields()
            headers["x-webhook-signature"] = header
            return Refusal.of(
                provider,
                WebhookDelivery(headers: headers, body: body),
                signing: keys
            )
        }
        #expect(refusal(code, ["k"]) == nil)
        #expect(refusal(code, ["other", "k"]) == nil)
        #expect(refusal(code, ["other"]) == .signatureMismatch)
        #expect(refusal(nil, ["k"]) == .signatureMissing)
        #expect(refusal("not base64!", ["k"]) == .signatureMalformed)
        #expect(refusal("AAAA", ["k"]) == .signatureMalformed)
        #expect(refusal(code, []) == .secretMissing)
    }

    @Test func writesMessages() throws {
        let text = try send(.phone("+22990123456"), .text("Bonjour"))
        #expect(text.url == "https://api.respond.io/v2/contact/phone%3A%2B22990123456/message")
        #expect(text.headers["authorization"] == "Bearer KEY")
        #expect(
            try text.json
                == JSON(parsing: #"{"channelId":51,"message":{"type":"text","text":"Bonjour"}}"#)
                .sorted
        )
        let contact = try send(
            .identity(ContactIdentity(.providerContact, "123")),
            .text("Bonjour")
        )
        #expect(contact.url.hasSuffix("/contact/id%3A123/message"))
        let media = try send(
            .phone("+1"),
            .media(OutboundMedia(.document, .link("https://x/a.pdf")))
        )
        #expect(
            try media.json["message"]
                == JSON(
                    parsing:
                        #"""
                        {"type":"attachment","attachment":{"type":"file",
                         "url":"https://x/a.pdf"}}
                        """#
                ).sorted
        )
        let buttons = ButtonMessage(
            body: "Oui ?",
            buttons: [.init(id: "1", title: "Oui"), .init(id: "2", title: "Non")]
        )
        #expect(
            try send(.phone("+1"), .buttons(buttons)).json["message"]
                == JSON(parsing: #"{"type":"quick_reply","title":"Oui ?","replies":["Oui","Non"]}"#)
                .sorted
        )
        let template = TemplateMessage(name: "promo", language: "fr", body: [.init("Awa")])
        let part = try send(.phone("+1"), .template(template)).json["message"]?["template"]
        #expect(part?["languageCode"] == "fr" && part?["components"]?[0]?["type"] == "body")
    }

    @Test func leavesTheChannelToRespondIOWhenItHasNoNumber() throws {
        let any = ChannelAccess(baseURL: "https://api.respond.io/v2", token: "KEY", channelID: "")
        let message = OutboundMessage(to: .phone("+1"), .text("a"))
        #expect(try provider.request(for: .send(message), through: any).json["channelId"] == nil)
    }

    @Test(arguments: [
        OutboundContent.media(OutboundMedia(.image, .link("https://x/a"), caption: "c")),
        .media(OutboundMedia(.image, .id("1"))), .reaction(to: "m", emoji: "👍"),
        .buttons(ButtonMessage(header: "h", body: "b", buttons: [.init(id: "1", title: "t")])),
    ])
    func refusesWhatItCannotCarry(content: OutboundContent) {
        #expect(throws: ProviderError.self) { try send(.phone("+1"), content) }
    }

    @Test(arguments: [
        (200, #"{"messageId":1262965213}"#, "accepted 1262965213"),
        (200, #"{"success":true}"#, "unknown"),
        (449, #"{"code":449,"message":"being processed"}"#, "retry message 5 x2"),
        (429, #"{"code":429,"message":"Too many requests"}"#, "retry channel 7 x1"),
        (404, #"{"code":404,"message":"Contact not found"}"#, "giveUp none"),
        (400, #"{"code":400,"message":"invalid"}"#, "giveUp none"), (401, "{}", "pauseChannel"),
        (500, #"{"code":500,"message":"oops"}"#, "unknown"),
    ])
    func interpretsReplies(status: Int, body: String, expected: String) {
        let headers: HTTPFields = status == 429 ? ["retry-after": "7"] : [:]
        #expect(summary(provider.outcome(status, body, headers: headers)) == expected)
    }

    @Test func looksMessagesUp() throws {
        let request = try provider.request(
            for: .lookUpMessage(id: "7", contact: .phone("+229")),
            through: channel
        )
        #expect(request.url.hasSuffix("/contact/phone%3A%2B229/message/7"))
        let body = #"""
            {"messageId":7,"channelMessageId":"wamid.1","status":[{"value":"failed",
             "timestamp":1669271350000,"message":"131026"},
             {"value":"pending","timestamp":1669271340000},{"value":"sent"},{"value":"new word"}]}
            """#
        guard case .found(let updates) = provider.lookup(200, body) else { throw Unexpected() }
        #expect(updates.map(\.status) == [.failed, .accepted, .sent])
        #expect(updates[0].failure?.title == "131026")
        #expect(updates[0].messageID.all == ["7", "wamid.1"])
        guard case .found(let taken) = provider.lookup(200, #"{"messageId":7}"#) else {
            throw Unexpected()
        }
        #expect(taken.map(\.status) == [.accepted])
        #expect(provider.lookup(404, "{}") == .notFound)
    }

    private func send(_ recipient: Recipient, _ content: OutboundContent) throws -> ProviderRequest
    {
        try provider.request(for: .send(OutboundMessage(to: recipient, content)), through: channel)
    }
}
