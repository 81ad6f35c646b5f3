import FunctionContract

/// WAHA: WhatsApp Web sessions behind an HTTP API that each operator hosts.
enum WAHA: JSONAdapter {
    static let provider = Provider.waha

    static let traits = ProviderTraits(
        capabilities: [
            .text, .buttons, .list, .mediaByLink, .reaction, .markRead, .typing, .numberCheck,
            .messageSearch, .mediaDownload, .receipts,
        ],
        names: [.phone, .waID, .lid],
        proof: .address,
        words: ProviderTraits.Words(
            id: "the session, such as default",
            token: "WAHA_API_KEY",
            secret: "HMAC key of the webhook (Enter: none)"
        ),
        pacing: [.gentle]
    )

    /// Checks `X-Webhook-Hmac`: the hexadecimal HMAC-SHA512 of the raw body. Without a configured
    /// key, the unguessable address is the proof.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        if secrets.isEmpty { throw .webhookRefused(.secretMissing) }
        if !secrets.address.isEmpty, !secrets.hasAddress(delivery.addressSecret) {
            throw .webhookRefused(.addressSecretMismatch)
        }
        if secrets.signing.isEmpty { return }
        let algorithm = delivery.headers["x-webhook-hmac-algorithm"] ?? "sha512"
        guard algorithm.lowercased() == "sha512" else {
            throw .webhookRefused(.signatureMalformed)
        }
        try HexSignature(header: "x-webhook-hmac", prefix: "", algorithm: .sha512)
            .verify(delivery, secrets)
    }

    static func events(in body: JSON) -> [DomainEvent] {
        [WAHADelivery(body).event]
    }

    static func status(_ ack: JSON?, name: JSON?) -> DeliveryStatus? {
        switch (ack?.asInteger, name?.asText) {
        case (-1, _), (nil, "ERROR"): .failed
        case (0, _), (nil, "PENDING"): .queued
        case (1, _), (nil, "SERVER"): .sent
        case (2, _), (nil, "DEVICE"): .delivered
        case (3, _), (nil, "READ"): .read
        case (4, _), (nil, "PLAYED"): .played
        default: nil
        }
    }

    /// Reads `true_22890123456@c.us_3EB0…_participant`. The bare id is the third part, and a
    /// revocation contains only this part.
    static func messageID(_ text: String) -> MessageID {
        let parts = text.split(separator: "_", maxSplits: 3)
        let isFull = parts.count >= 3 && (parts[0] == "true" || parts[0] == "false")
        return MessageID(text, alternates: isFull ? [String(parts[2])] : [])
    }
}
