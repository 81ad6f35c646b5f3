import FunctionContract
import Security
import Testing

@testable import Providers

/// Twilio's webhooks: forms, proved by their address and their fields.
@Suite struct TwilioWebhookTests {
    private let provider = Provider.twilio
    private static let address = "https://relais.example/webhooks/twilio/7f3a"

    /// Twilio's own example.
    private static let example = [
        "CallSid=CA1234567890ABCDE", "Caller=%2B12349013030", "Digits=1234",
        "From=%2B12349013030", "To=%2B18005551212",
    ].joined(separator: "&")

    private static let exampleAddress = "https://mycompany.com/myapp.php?foo=1&bar=2"

    private func refusal(
        _ body: String,
        at addresses: [String],
        _ signature: String?,
        signing: [String] = ["12345"]
    ) -> WebhookRefusal? {
        var headers = HTTPFields()
        headers["x-twilio-signature"] = signature
        let body = Array(body.utf8)
        return Refusal.of(
            provider,
            WebhookDelivery(headers: headers, body: body, addresses: addresses),
            signing: signing
        )
    }

    private static let signature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="

    @Test func takesWhatTwilioSigned() {
        let own = [Self.exampleAddress]
        #expect(refusal(Self.example, at: own, Self.signature) == nil)
        let reversed = Self.example.split(separator: "&").reversed().joined(separator: "&")
        #expect(refusal(reversed, at: own, Self.signature) == nil)
        #expect(refusal(Self.example, at: own, Self.signature, signing: ["new", "12345"]) == nil)
        let behindProxy = ["http://10.0.0.1:8080/myapp.php?foo=1&bar=2"] + own
        #expect(refusal(Self.example, at: behindProxy, Self.signature) == nil)
    }

    private static let forged: [(body: String, address: String, signature: String?)] = [
        (example + "&Extra=1", exampleAddress, signature),
        (example.replacing("1234&", with: "1235&"), exampleAddress, signature),
        (example, exampleAddress + "&x=1", signature),
        (example, exampleAddress.replacing("mycompany", with: "other"), signature),
        (example, exampleAddress, "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ]

    @Test(arguments: forged)
    func refusesWhatWasChanged(body: String, address: String, signature: String?) {
        #expect(refusal(body, at: [address], signature) == .signatureMismatch)
    }

    @Test func refusesWithoutASignatureOrASecret() {
        let own = [Self.exampleAddress]
        #expect(refusal(Self.example, at: own, nil) == .signatureMissing)
        #expect(refusal(Self.example, at: own, "***") == .signatureMalformed)
        #expect(refusal(Self.example, at: own, Self.signature, signing: []) == .secretMissing)
        #expect(refusal(Self.example, at: [], Self.signature) == .signatureMismatch)
    }

    private static let spellings: [(signed: String, called: String)] = [
        ("https://a.example/x?y=1", "https://a.example:443/x?y=1"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example/x", "http://a.example:80/x"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
    ]

    @Test(arguments: spellings)
    func forgivesAPortThatIsUnderstood(signed: String, called: String) {
        let code = HMAC.sha1(key: Array("12345".utf8), message: Array((signed + "A1").utf8))
        #expect(refusal("A=1", at: [called], Base64.encode(code)) == nil)
    }

    @Test func takesABodyWhoseDigestStandsInTheAddress() {
        let body = #"{"a":1}"#
        let digest = Base16.encode(SHA256.digest(Array(body.utf8)))
        let address = "https://a.example/x?bodySHA256=\(digest)"
        let code = HMAC.sha1(key: Array("12345".utf8), message: Array(address.utf8))
        #expect(refusal(body, at: [address], Base64.encode(code)) == nil)
        #expect(refusal(body + " ", at: [address], Base64.encode(code)) == .signatureMismatch)
    }

    @Test func keepsOurReferenceBesideTheForm() throws {
        let delivery = WebhookDelivery(
            headers: [:],
            body: Array("MessageSid=SM1&MessageStatus=read&To=whatsapp%3A%2B22890123456".utf8),
            addresses: [Self.address + "?ref=0199.2%26x"]
        )
        let kept = try provider.keptBody(of: delivery)
        let status = try provider.status(String(decoding: kept, as: UTF8.self))
        #expect(status.reference == "0199.2&x")
        var bare = delivery
        bare.addresses = [Self.address]
        #expect(try provider.keptBody(of: bare) == delivery.body)
    }

    @Test func refusesAFormThatIsNoText() {
        let delivery = WebhookDelivery(headers: [:], body: [0xC3, 0x28])
        #expect(throws: ProviderError.self) { try provider.keptBody(of: delivery) }
    }

    private static let words: [(word: String, status: DeliveryStatus)] = [
        ("queued", .accepted), ("sending", .accepted), ("sent", .sent),
        ("delivered", .delivered), ("read", .read), ("undelivered", .failed), ("failed", .failed),
    ]

    @Test(arguments: words)
    func readsReceipts(word: String, status: DeliveryStatus) throws {
        let body = """
            MessageSid=SM1&MessageStatus=\(word)&From=whatsapp%3A%2B14155238886\
            &To=whatsapp%3A%2B22890123456&ErrorCode=63024&ChannelStatusMessage=Invalid
            """
        let update = try provider.status(body)
        #expect(update.status == status && update.messageID == MessageID("SM1"))
        #expect(update.recipient.identities == [ContactIdentity(.phone, "+22890123456")])
        let failure = ProviderFailure(code: "63024", title: "Invalid")
        #expect(update.failure == (status == .failed ? failure : nil))
        #expect(try provider.only(body).dedupeKey == "s:SM1:\(word)")
        #expect(try provider.only(body).channel.phone == "+14155238886")
    }

    private static let contents: [(fields: String, content: MessageContent)] = [
        ("Body=Bonjour+%C3%A0+tous", .text("Bonjour à tous")),
        (
            "Body=Oui&ButtonText=Oui&ButtonPayload=p1&MessageType=button",
            .choice(Choice(source: .templateButton, payload: "p1", title: "Oui"))
        ),
        (
            "Body=Oui&ButtonText=Oui&ButtonPayload=p1&MessageType=interactive",
            .choice(Choice(source: .button, payload: "p1", title: "Oui"))
        ),
        (
            "Body=Menu&ListId=r1&ListTitle=Rang&ListDescription=d",
            .choice(Choice(source: .list, payload: "r1", title: "Rang", detail: "d"))
        ),
        (
            "Latitude=6.36&Longitude=2.42&Label=Cotonou&Address=Rue+1",
            .location(Location(latitude: 6.36, longitude: 2.42, name: "Cotonou", address: "Rue 1"))
        ),
        ("MessageType=sticker2", .unsupported(type: "sticker2", ProviderFailure())),
    ]

    @Test(arguments: contents)
    func readsWhatAContactWrites(fields: String, content: MessageContent) throws {
        let message = try provider.message(Self.inbound + fields)
        #expect(message.content == content)
        #expect(
            message.sender.identities == [
                ContactIdentity(.phone, "+22890123456"), ContactIdentity(.waID, "22890123456"),
                ContactIdentity(.bsuid, "TG.1"),
            ]
        )
        #expect(message.sender.profileName == "Ama")
        #expect(message.replyTo?.messageID == MessageID("SM0"))
    }

    private static let inbound = """
        MessageSid=SM9&SmsStatus=received&From=whatsapp%3A%2B22890123456&WaId=22890123456\
        &ExternalUserId=whatsapp%3ATG.1&ProfileName=Ama&OriginalRepliedMessageSid=SM0\
        &To=whatsapp%3A%2B14155238886&NumMedia=0&
        """

    @Test func readsAFile() throws {
        let fields = """
            From=whatsapp%3A%2B22890123456&NumMedia=1&MediaContentType0=image%2Fjpeg&Body=photo\
            &MediaUrl0=https%3A%2F%2Fapi.twilio.com%2Fx
            """
        guard case .media(let media) = try provider.message("MessageSid=SM9&" + fields).content
        else { throw Unexpected() }
        #expect(media.kind == .image && media.url == "https://api.twilio.com/x")
        #expect(media.caption == "photo")
    }

    @Test(arguments: ["", "a", "=&=", "MessageSid=&From=x", "MessageSid=SM1", #"{"a":1}"#])
    func keepsWhatItDoesNotUnderstand(body: String) throws {
        guard case .unknown = try provider.only(body).kind else { throw Unexpected() }
    }
}
