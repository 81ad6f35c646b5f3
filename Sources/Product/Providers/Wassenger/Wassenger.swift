import FunctionContract

/// Wassenger: WhatsApp devices behind one HTTP API.
enum Wassenger: JSONAdapter {
    static let provider = Provider.wassenger

    static let traits = ProviderTraits(
        capabilities: [
            .text, .template, .mediaByLink, .mediaByID, .reaction, .typing, .numberCheck,
            .messageLookup, .messageSearch, .mediaDownload, .receipts, .referenceEcho,
        ],
        publicBaseURL: "https://api.wassenger.com/v1",
        names: [.phone, .waID],
        proof: .address,
        words: ProviderTraits.Words(
            id: "the device id, 24 characters, from Devices at Wassenger",
            token: "API key",
            secret: "Secret of the webhook (Enter: none)"
        ),
        pacing: [
            PacingProfile(
                "wassenger",
                every: .seconds(25),
                jitterPercent: 20,
                lot: PacingProfile.Lot(size: 25, pause: .seconds(300)),
                quiet: ("23:00", "06:00")
            )
        ]
    )

    /// Wassenger's documentation mentions the signature header in only one place. If the header is
    /// present and we have the key, it must be valid. If we chose an unguessable address, the
    /// webhook must use it.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        if secrets.isEmpty { throw .webhookRefused(.secretMissing) }
        let signature = HexSignature(
            header: "x-wassenger-signature",
            prefix: "sha256=",
            algorithm: .sha256
        )
        if delivery.headers[signature.header] != nil, !secrets.signing.isEmpty {
            try signature.verify(delivery, secrets)
        } else if secrets.address.isEmpty {
            throw .webhookRefused(.signatureMissing)
        }
        if !secrets.address.isEmpty, !secrets.hasAddress(delivery.addressSecret) {
            throw .webhookRefused(.addressSecretMismatch)
        }
    }

    static func events(in body: JSON) -> [DomainEvent] {
        WassengerDelivery(body).events
    }

    /// The status for Wassenger's word.
    static func status(_ word: String?) -> DeliveryStatus? {
        switch word {
        case "pending", "queued", "processing": .queued
        case "server", "device", "sent": .sent
        case "delivered": .delivered
        case "read": .read
        case "played": .played
        case "failed", "error": .failed
        default: nil
        }
    }
}
