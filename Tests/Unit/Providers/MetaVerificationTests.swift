import FunctionContract
import Providers
import Security
import Testing

@Suite struct MetaVerificationTests {
    private let body = Array(#"{"object":"whatsapp_business_account","entry":[]}"#.utf8)

    @Test func acceptsASignatureMadeWithAnyAppSecret() throws {
        for secrets in [["app"], ["new", "app"], ["app", "old"]] {
            try verify("sha256=" + signature("app"), secrets)
        }
    }

    @Test func signsTheBytesAndNotTheirMeaning() throws {
        let escaped = Array(#"{"text":"d\u00e9j\u00e0 \/ vu"}"#.utf8)
        let header =
            "sha256=" + Base16.encode(HMAC.sha256(key: Array("app".utf8), message: escaped))
        try verify(header, ["app"], body: escaped)
        #expect(throws: ProviderError.webhookRefused(.signatureMismatch)) {
            try verify(header, ["app"], body: Array(#"{"text":"déjà / vu"}"#.utf8))
        }
    }

    @Test(arguments: [
        (nil, WebhookRefusal.signatureMissing),
        ("", .signatureMalformed),
        ("sha1=00", .signatureMalformed),
        ("sha256=", .signatureMalformed),
        ("sha256=zz", .signatureMalformed),
        ("sha256=00ff", .signatureMalformed),
        ("sha256=" + String(repeating: "0", count: 64), .signatureMismatch),
    ])
    func refusesAnyOtherHeader(header: String?, reason: WebhookRefusal) {
        #expect(throws: ProviderError.webhookRefused(reason)) { try verify(header, ["app"]) }
    }

    @Test(arguments: [[], [""], ["other"]])
    func refusesWithoutTheRightSecret(secrets: [String]) {
        #expect(throws: ProviderError.self) { try verify("sha256=" + signature("app"), secrets) }
    }

    @Test func refusesAnEmptySecretEvenWhenItSigned() {
        #expect(throws: ProviderError.webhookRefused(.secretMissing)) {
            try verify("sha256=" + signature(""), [""])
        }
    }

    @Test(arguments: [
        (["hub.mode": "subscribe", "hub.verify_token": "t", "hub.challenge": "1158"], "1158"),
        (["hub.mode": "subscribe", "hub.verify_token": "old", "hub.challenge": "a b<"], "a b<"),
        (["hub.mode": "subscribe", "hub.verify_token": "x", "hub.challenge": "1158"], nil),
        (["hub.mode": "unsubscribe", "hub.verify_token": "t", "hub.challenge": "1158"], nil),
        (["hub.mode": "subscribe", "hub.verify_token": "t"], nil),
        (["hub.mode": "subscribe", "hub.challenge": "1158"], nil),
        (["hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1158"], nil),
        ([:], nil),
    ])
    func answersTheHandshake(query: [String: String], challenge: String?) {
        #expect(Meta.handshake(query: query, verifyTokens: ["t", "old", ""]) == challenge)
    }

    private func signature(_ secret: String) -> String {
        Base16.encode(HMAC.sha256(key: Array(secret.utf8), message: body))
    }

    private func verify(_ header: String?, _ secrets: [String], body: [UInt8]? = nil) throws {
        var headers = HTTPFields()
        headers["x-hub-signature-256"] = header
        try Provider.meta.verify(
            WebhookDelivery(headers: headers, body: body ?? self.body),
            secrets: WebhookSecrets(signing: secrets),
            now: Timestamp(milliseconds: 0)
        )
    }
}
