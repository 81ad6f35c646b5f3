import FunctionContract
import Providers
import Testing

@Suite struct StandardWebhooksTests {
    private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private let body = Array(#"{"test": 2432232314}"#.utf8)
    private let now = Timestamp(milliseconds: 1_614_265_330_000)

    @Test func agreesWithThePublishedVector() throws {
        let vector = try Fixture.json("standard-webhooks/vector.json")
        let secret = try #require(vector["secret"]?.string.flatMap(StandardWebhookSecret.init))
        let headers = StandardWebhooks.headers(id: id, body: body, secrets: [secret], now: now)
        #expect(headers["webhook-id"] == vector["webhook-id"]?.string)
        #expect(headers["webhook-timestamp"] == "1614265330")
        #expect(headers["webhook-signature"] == vector["webhook-signature"]?.string)
        try StandardWebhooks.verify(
            WebhookDelivery(headers: headers, body: body),
            secrets: [secret],
            now: now
        )
    }

    @Test func signsForEverySecretOfARotation() throws {
        let old = StandardWebhookSecret.random()
        let new = StandardWebhookSecret.random()
        let headers = StandardWebhooks.headers(id: id, body: body, secrets: [new, old], now: now)
        #expect(headers["webhook-signature"]?.split(separator: " ").count == 2)
        for secret in [old, new] {
            #expect(refusal(headers, secrets: [secret]) == nil)
        }
        #expect(refusal(headers, secrets: [.random()]) == .signatureMismatch)
        #expect(refusal(headers, secrets: []) == .secretMissing)
    }

    @Test(arguments: [
        (Int64(300), WebhookRefusal?.none), (301, .timestampTooOld), (-300, nil),
        (-301, .timestampTooNew),
    ])
    func refusesWhatIsFiveMinutesAway(seconds: Int64, expected: WebhookRefusal?) {
        let secret = StandardWebhookSecret.random()
        let headers = StandardWebhooks.headers(id: id, body: body, secrets: [secret], now: now)
        #expect(refusal(headers, secrets: [secret], after: seconds) == expected)
    }

    @Test(arguments: [
        ("webhook-id", String?.some("msg_other"), WebhookRefusal.signatureMismatch),
        ("webhook-id", nil, .signatureMissing), ("webhook-id", "", .signatureMissing),
        ("webhook-timestamp", "1614265331", .signatureMismatch),
        ("webhook-timestamp", "soon", .timestampMissing),
        ("webhook-timestamp", nil, .timestampMissing),
        ("webhook-signature", nil, .signatureMissing),
        ("webhook-signature", "", .signatureMalformed),
        ("webhook-signature", "v1a,AAAA", .signatureMalformed),
        ("webhook-signature", "v1,!!!!", .signatureMalformed),
        ("webhook-signature", "v2,AAAA v1,AAAA", .signatureMismatch),
    ])
    func refusesAnythingChanged(name: String, value: String?, expected: WebhookRefusal) {
        let secret = StandardWebhookSecret.random()
        var headers = StandardWebhooks.headers(id: id, body: body, secrets: [secret], now: now)
        headers[name] = value
        #expect(refusal(headers, secrets: [secret]) == expected)
    }

    @Test(arguments: [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
        ("whsec_", false), ("whsec_AAAA", false), ("whsec_not base64", false), ("", false),
        ("whsec_" + Base64.encode([UInt8](repeating: 0, count: 64)), true),
        ("whsec_" + Base64.encode([UInt8](repeating: 0, count: 65)), false),
    ])
    func takesOnlySecretsOfTheRightLength(text: String, isSecret: Bool) {
        #expect((StandardWebhookSecret(text) != nil) == isSecret)
    }

    @Test func showsASecretInTheFormThatItReads() {
        let secret = StandardWebhookSecret.random()
        #expect(StandardWebhookSecret(secret.text) == secret)
    }

    private func refusal(
        _ headers: HTTPFields,
        secrets: [StandardWebhookSecret],
        after seconds: Int64 = 0
    ) -> WebhookRefusal? {
        do throws(ProviderError) {
            let later = Timestamp(milliseconds: now.milliseconds + seconds * 1000)
            try StandardWebhooks.verify(
                WebhookDelivery(headers: headers, body: body),
                secrets: secrets,
                now: later
            )
            return nil
        } catch {
            guard case .webhookRefused(let reason) = error else { return nil }
            return reason
        }
    }
}
