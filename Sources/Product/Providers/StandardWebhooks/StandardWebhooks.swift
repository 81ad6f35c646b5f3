package import FunctionContract
private import Security

/// Standard Webhooks 1.0: signs our outgoing webhooks and verifies those of others.
package enum StandardWebhooks {
    package static let toleranceSeconds: Int64 = 300

    /// The delay before each retry. A receiver that answers 410 gets no more webhooks.
    package static let retryDelays: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000),
        .seconds(36_000), .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]

    private static let idHeader = "webhook-id"
    private static let timestampHeader = "webhook-timestamp"
    private static let signatureHeader = "webhook-signature"

    /// The headers that prove `body`, with one signature for each valid secret. Retries must use
    /// the same `id`, because receivers deduplicate by it.
    package static func headers(
        id: String,
        body: [UInt8],
        secrets: [StandardWebhookSecret],
        now: Timestamp
    ) -> HTTPFields {
        let seconds = String(now.milliseconds / 1000)
        let signatures = secrets.map { secret in
            "v1," + Base64.encode(secret.code(id: id, timestamp: seconds, body: body))
        }
        return [
            idHeader: id, timestampHeader: seconds,
            signatureHeader: signatures.joined(separator: " "),
        ]
    }

    /// Returns if one of `secrets` signed the delivery and its timestamp is within five minutes of
    /// `now`.
    package static func verify(
        _ delivery: WebhookDelivery,
        secrets: [StandardWebhookSecret],
        now: Timestamp
    ) throws(ProviderError) {
        if secrets.isEmpty { throw .webhookRefused(.secretMissing) }
        guard let id = delivery.headers[idHeader], !id.isEmpty,
            let header = delivery.headers[signatureHeader]
        else { throw .webhookRefused(.signatureMissing) }
        guard let timestamp = delivery.headers[timestampHeader], let seconds = Int64(timestamp)
        else { throw .webhookRefused(.timestampMissing) }
        let codes = header.split(separator: " ").compactMap { entry -> [UInt8]? in
            // "v1a" is an asymmetric signature, for receivers with a public key.
            entry.hasPrefix("v1,") ? Base64.decode(String(entry.dropFirst(3))) : nil
        }
        if codes.isEmpty { throw .webhookRefused(.signatureMalformed) }
        let expected = secrets.map { $0.code(id: id, timestamp: timestamp, body: delivery.body) }
        try expect(anyOf: expected, in: codes)
        try checkAge(seconds, now: now)
    }

    private static func expect(
        anyOf expected: [[UInt8]],
        in codes: [[UInt8]]
    ) throws(ProviderError) {
        let isGenuine = expected.contains { one in
            codes.contains { ConstantTime.equal($0, one) }
        }
        if !isGenuine { throw .webhookRefused(.signatureMismatch) }
    }

    private static func checkAge(_ seconds: Int64, now: Timestamp) throws(ProviderError) {
        let now = now.milliseconds / 1000
        if seconds < now - toleranceSeconds { throw .webhookRefused(.timestampTooOld) }
        if seconds > now + toleranceSeconds { throw .webhookRefused(.timestampTooNew) }
    }
}

/// A signing secret: `whsec_` and the base64 form of 24 to 64 bytes.
package struct StandardWebhookSecret: Equatable, Sendable {
    private static let prefix = "whsec_"
    private static let byteCounts = 24...64

    private let key: [UInt8]

    package init?(_ text: String) {
        let digits = text.hasPrefix(Self.prefix) ? text.dropFirst(Self.prefix.count) : text[...]
        guard let key = Base64.decode(String(digits)), Self.byteCounts.contains(key.count) else {
            return nil
        }
        self.key = key
    }

    private init(key: [UInt8]) {
        self.key = key
    }

    /// A new secret for a new subscription.
    package static func random() -> StandardWebhookSecret {
        StandardWebhookSecret(key: SecureRandom.bytes(32))
    }

    /// The text that the subscriber sees, once.
    package var text: String { Self.prefix + Base64.encode(key) }

    fileprivate func code(id: String, timestamp: String, body: [UInt8]) -> [UInt8] {
        HMAC.sha256(key: key, message: Array("\(id).\(timestamp).".utf8) + body)
    }
}

extension StandardWebhookSecret: CustomStringConvertible {
    /// Hides the secret, which is `text`.
    package var description: String { "a webhook secret of \(key.count) bytes" }
}
