import FunctionContract

/// respond.io: channels of many kinds behind contacts.
enum RespondIO {
    /// `X-Webhook-Signature: base64(HMAC-SHA256(key, raw body))`. Each webhook has its own key.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets
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
