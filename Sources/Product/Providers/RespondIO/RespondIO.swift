import FunctionContract

/// respond.io: channels of many kinds, with a common contact list.
enum RespondIO: JSONAdapter {
    static let provider = Provider.respondIO

    static let traits = ProviderTraits(
        capabilities: [.text, .template, .buttons, .mediaByLink, .messageLookup, .messageSearch],
        publicBaseURL: "https://api.respond.io/v2",
        serviceWindow: .seconds(24 * 3600),
        names: [.phone, .waID, .providerContact],
        proof: .signature,
        words: ProviderTraits.Words(
            id: "the channel id, from Settings, Channels at respond.io",
            token: "API access token",
            secret: "Signing key of the webhook (Enter: later)"
        ),
        pacing: [
            // respond.io allows 80 messages a second with a burst of 100, but only 5 requests a
            // second for each method. The second limit is the stricter one.
            PacingProfile("respondio", every: .milliseconds(200), burst: 5)
        ]
    )

    /// Checks `X-Webhook-Signature: base64(HMAC-SHA256(key, raw body))`. Each webhook has its own
    /// key.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        if secrets.signing.isEmpty { throw .webhookRefused(.secretMissing) }
        guard let signature = delivery.headers["x-webhook-signature"] else {
            throw .webhookRefused(.signatureMissing)
        }
        try SignatureAlgorithm.sha256.verify(
            Base64.decode(signature),
            of: delivery.body,
            keys: secrets.signing.map { Array($0.utf8) }
        )
    }

    static func events(in body: JSON) -> [DomainEvent] {
        [RespondIODelivery(body).event]
    }

    static func status(_ word: String?) -> DeliveryStatus? {
        switch word {
        case "pending": .accepted
        case "sent": .sent
        case "delivered": .delivered
        case "read": .read
        case "failed": .failed
        default: nil
        }
    }
}
