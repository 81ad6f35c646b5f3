import FunctionContract
import Testing

@testable import Providers

@Suite struct TwilioRequestTests {
    private let provider = Provider.twilio
    private let phone = Recipient.phone("+22890123456")

    private func channel(_ id: String = "+14155238886", token: String = "TOKEN") -> ChannelAccess {
        var channel = ChannelAccess(
            baseURL: "https://api.twilio.com",
            token: token,
            channelID: id,
            accountID: "AC1"
        )
        channel.webhookURL = "https://relais.example/webhooks/twilio/7f3a"
        return channel
    }

    private func send(
        _ content: OutboundContent,
        through channel: ChannelAccess? = nil,
        reference: String? = "m.1"
    ) throws -> (request: ProviderRequest, form: FormFields) {
        let message = OutboundMessage(to: phone, content, reference: reference)
        let request = try provider.request(
            for: .send(message),
            through: channel ?? self.channel()
        )
        return (request, FormFields(request.body ?? []))
    }

    @Test func sendsAText() throws {
        let (request, form) = try send(.text("Bonjour & merci"))
        #expect(request.method == .post)
        #expect(request.url == "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json")
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(
            request.headers["authorization"] == "Basic " + Base64.encode(Array("AC1:TOKEN".utf8))
        )
        #expect(
            form
                == FormFields([
                    ("To", "whatsapp:+22890123456"), ("From", "whatsapp:+14155238886"),
                    ("Body", "Bonjour & merci"),
                    (
                        "StatusCallback",
                        "https://relais.example/webhooks/twilio/7f3a?ref=m.1"
                    ),
                ])
        )
    }

    @Test func speaksWithAnAPIKeyAndThroughAService() throws {
        let (request, form) = try send(.text("a"), through: channel("MG1", token: "SK1:secret"))
        #expect(
            request.headers["authorization"] == "Basic " + Base64.encode(Array("SK1:secret".utf8))
        )
        #expect(form["MessagingServiceSid"] == "MG1" && form["From"] == nil)
    }

    @Test func asksForNoReceiptWhereNobodyKnowsOurAddress() throws {
        var channel = channel()
        channel.webhookURL = nil
        #expect(try send(.text("a"), through: channel).form["StatusCallback"] == nil)
    }

    @Test func sendsAFileAndButtonsAsAList() throws {
        let media = OutboundMedia(.image, .link("https://x.example/a.jpg"), caption: "c")
        let form = try send(.media(media)).form
        #expect(form["MediaUrl"] == "https://x.example/a.jpg" && form["Body"] == "c")
        let buttons = ButtonMessage(body: "?", buttons: [.init(id: "1", title: "Oui")])
        #expect(try send(.buttons(buttons)).form["Body"] == "?\n\n1. Oui")
    }

    @Test func fillsInATemplateByItsContentSID() throws {
        var template = TemplateMessage(id: "HX1", name: "promo", language: "fr")
        template.header = .text(.init("Titre"))
        template.body = [.init("Awa"), .init("deux\nlignes", name: "ville")]
        template.buttons = [.url(index: 0, suffix: "x1")]
        let form = try send(.template(template)).form
        #expect(form["ContentSid"] == "HX1" && form["Body"] == nil)
        let variables = try JSON(parsing: form["ContentVariables"] ?? "")
        #expect(
            variables.sorted
                == (["1": "Titre", "2": "Awa", "ville": "deux lignes", "4": "x1"] as JSON).sorted
        )
        let plain = TemplateMessage(id: "HX1", name: "promo", language: "fr")
        #expect(try send(.template(plain)).form["ContentVariables"] == nil)
    }

    @Test func refusesATemplateThatTwilioDoesNotKnow() {
        for id in [nil, "123"] {
            let template = TemplateMessage(id: id, name: "promo", language: "fr")
            #expect(throws: ProviderError.self) { try send(.template(template)) }
        }
    }

    @Test func refusesWhatTwilioWouldRefuse() throws {
        #expect(throws: ProviderError.exceeds(field: "text", count: 1601, limit: 1600)) {
            try send(.text(String(repeating: "é", count: 1601)))
        }
        #expect(throws: ProviderError.self) {
            let bsuid = Recipient.identity(ContactIdentity(.bsuid, "TG.1"))
            let message = OutboundMessage(to: bsuid, .text("a"))
            return try provider.request(for: .send(message), through: channel())
        }
        var nobody = channel()
        nobody.accountID = nil
        #expect(throws: ProviderError.self) { try send(.text("a"), through: nobody) }
    }

    @Test func asksWhatBecameOfAMessage() throws {
        let operation = ProviderOperation.lookUpMessage(id: "SM1", contact: nil)
        let request = try provider.request(for: operation, through: channel())
        #expect(request.url.hasSuffix("/2010-04-01/Accounts/AC1/Messages/SM1.json"))
        let search = MessageSearch(
            OutboundMessage(to: phone, .text("a")),
            since: Timestamp(milliseconds: 1_795_000_000_500)
        )
        let asked = try provider.request(for: .searchMessage(search), through: channel())
        #expect(asked.url.contains("To=whatsapp%3A%2B22890123456"))
        #expect(asked.url.contains("DateSent%3E=2026-11-18"))
    }

    @Test func sendsTheTokenOnlyToTwilio() {
        for (url, isAllowed) in [
            ("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1", true),
            ("https://evil.example/x", false), ("http://api.twilio.com/x", false),
        ] {
            let operation = ProviderOperation.downloadMedia(.url(url))
            let request = try? provider.request(for: operation, through: channel())
            #expect((request != nil) == isAllowed, "\(url)")
        }
    }
}
