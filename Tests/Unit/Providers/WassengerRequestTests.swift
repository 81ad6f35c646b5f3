import FunctionContract
import Testing

@testable import Providers

@Suite struct WassengerRequestTests {
    private let provider = Provider.wassenger
    private let channel = ChannelAccess(
        baseURL: "https://api.wassenger.com/v1",
        token: "KEY",
        channelID: "5f0000000000000000000001"
    )

    @Test func writesMessages() throws {
        let phone = Recipient.phone("+22990123456")
        let text = try send(
            OutboundMessage(to: phone, .text("Bonjour"), reference: "r:77", replyTo: "3EB0")
        )
        #expect(text.url == "https://api.wassenger.com/v1/messages")
        #expect(text.headers["token"] == "KEY")
        let expected =
            #"""
            {"phone":"+22990123456","device":"5f0000000000000000000001","reference":"r:77",
             "quote":"3EB0","message":"Bonjour"}
            """#
        #expect(try text.json == JSON(parsing: expected).sorted)
        let media = OutboundMedia(
            .document,
            .link("https://example.org/a.pdf"),
            caption: "Facture",
            fileName: "a.pdf"
        )
        let file = try send(OutboundMessage(to: .chat("1-2@g.us"), .media(media))).json
        #expect(file["group"] == "1-2@g.us")
        #expect(file["media"] == ["filename": "a.pdf", "url": "https://example.org/a.pdf"])
        #expect(file["message"] == "Facture")
        let removal = try send(OutboundMessage(to: phone, .reaction(to: "3EB0", emoji: nil))).json
        #expect(removal["reaction"] == "-" && removal["reactionMessage"] == "3EB0")
    }

    @Test func writesATemplateInItsOwnNotation() throws {
        let template = TemplateMessage(
            name: "rappel",
            language: "fr",
            header: .media(OutboundMedia(.image, .link("https://example.org/a.jpg"))),
            body: [.init("Awa"), .init("20:00", name: "heure")],
            buttons: [.url(index: 0, suffix: "abc")]
        )
        let expected = #"""
            {"name":"rappel","language":"fr",
             "header":{"media":{"url":"https://example.org/a.jpg","type":"image"}},
             "body":[{"name":"1","value":"Awa"},{"name":"heure","value":"20:00"}],
             "button":[{"type":"url","position":0,"name":"1","value":"abc"}]}
            """#
        let json = try send(OutboundMessage(to: .phone("+1"), .template(template))).json
        #expect(json["template"] == (try JSON(parsing: expected).sorted))
    }

    @Test func asksAboutNumbersMessagesAndFiles() throws {
        let check = try provider.request(for: .checkNumber("+22990123456"), through: channel)
        #expect(check.url.hasSuffix("/v1/numbers/exists"))
        #expect(try check.json == ["phone": "+22990123456"])
        let lookup = try provider.request(
            for: .lookUpMessage(id: "aaa", contact: nil),
            through: channel
        )
        #expect(lookup.description == "GET https://api.wassenger.com/v1/messages/aaa")
        let file = try provider.request(for: .downloadMedia(.id("f1")), through: channel)
        #expect(
            file.url
                == "https://api.wassenger.com/v1/chat/5f0000000000000000000001/files/f1/download"
        )
        let path = try provider.request(
            for: .downloadMedia(.url("/v1/chat/a/files/f/download")),
            through: channel
        )
        #expect(path.url == "https://api.wassenger.com/v1/chat/a/files/f/download")
    }

    @Test(arguments: [
        "https://evil.org/v1/x", "//evil.org/x", "https://api.wassenger.com@evil.org/", "x", "",
    ])
    func sendsItsTokenNowhereElse(url: String) {
        #expect(throws: ProviderError.self) {
            try provider.request(for: .downloadMedia(.url(url)), through: channel)
        }
    }

    @Test func takesA404ThatSaysNoForAnAnswer() {
        #expect(provider.numberCheck(404, #"{"exists":false,"phone":"+229"}"#) == .absent)
        #expect(provider.numberCheck(200, #"{"exists":false}"#) == .absent)
        #expect(
            provider.numberCheck(
                200,
                #"{"exists":true,"phone":"+22990123456","wid":"22990123456@c.us"}"#
            )
                == .exists([
                    ContactIdentity(.phone, "+22990123456"), ContactIdentity(.waID, "22990123456"),
                ])
        )
    }

    @Test(arguments: [
        (404, "{}"), (404, "<html>"), (500, #"{"exists":false}"#), (429, ""), (401, "{}"),
        (200, "{}"),
    ])
    func neverTakesAFailureForANo(status: Int, body: String) {
        guard case .inconclusive = provider.numberCheck(status, body) else {
            Issue.record("\(status) \(body)")
            return
        }
    }

    @Test(arguments: [
        (201, #"{"id":"aaa","waId":"3EB0","status":"queued"}"#, "accepted aaa"),
        (200, "{}", "unknown"),
        (404, #"{"exists":false,"message":"not on WhatsApp"}"#, "giveUp undeliverable"),
        (400, #"{"message":"bad phone"}"#, "giveUp none"),
        (401, #"{"message":"token"}"#, "pauseChannel"),
        (429, "{}", "retry channel 30 x2"), (500, "", "unknown"),
    ])
    func interpretsReplies(status: Int, body: String, expected: String) {
        #expect(summary(provider.outcome(status, body)) == expected)
    }

    @Test func looksMessagesUp() throws {
        let body =
            #"""
            {"id":"aaa","waId":"3EB0","status":"processed","deliveryStatus":"delivered",
             "reference":"r:77"}
            """#
        guard case .found(let updates) = provider.lookup(200, body) else { throw Unexpected() }
        #expect(updates.map(\.status) == [.delivered])
        #expect(updates.first?.reference == "r:77")
        #expect(provider.lookup(404, "{}") == .notFound)
        guard case .inconclusive = provider.lookup(502, "") else { throw Unexpected() }
    }

    private func send(_ message: OutboundMessage) throws -> ProviderRequest {
        try provider.request(for: .send(message), through: channel)
    }
}
