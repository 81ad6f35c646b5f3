import FunctionContract
private import Security

/// Meta's WhatsApp Cloud API.
package enum Meta: JSONAdapter {
    static let provider = Provider.meta

    static let traits = ProviderTraits(
        capabilities: Set(Capability.allCases).subtracting([.numberCheck, .typing, .messageSearch]),
        publicBaseURL: "https://graph.facebook.com",
        serviceWindow: .seconds(24 * 3600),
        names: [.phone, .waID, .bsuid, .parentBSUID],
        proof: .signatureAfterHandshake,
        words: ProviderTraits.Words(
            id: "the phone number id, from API Setup of the app at developers.facebook.com",
            account: "the WhatsApp Business Account ID, from the same page",
            token: "Access token of the system user",
            secret: "App secret"
        ),
        pacing: [
            PacingProfile("meta", every: .microseconds(12_500), burst: 8),
            // For a number that Meta has raised to 1000 messages a second.
            PacingProfile("meta-high-throughput", every: .milliseconds(1), burst: 100),
            // For a number that is also used on a phone.
            PacingProfile("meta-coexistence", every: .milliseconds(50), burst: 2),
        ]
    )

    /// The challenge to answer, as text, if a subscription request carries one of our tokens. Nil
    /// means 403. The query names are Meta's, with their dot.
    package static func handshake(
        query: [String: String],
        verifyTokens: [String]
    ) -> String? {
        guard query["hub.mode"] == "subscribe", let challenge = query["hub.challenge"],
            WebhookSecrets(address: verifyTokens).hasAddress(query["hub.verify_token"])
        else { return nil }
        return challenge
    }

    /// Checks `X-Hub-Signature-256: sha256=<hex>` over the raw body, with the app secret. The older
    /// SHA-1 header is ignored because it proves nothing.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        try HexSignature(header: "x-hub-signature-256", prefix: "sha256=", algorithm: .sha256)
            .verify(delivery, secrets)
    }
}

/// A hexadecimal signature in one header.
struct HexSignature {
    let header: String
    let prefix: String
    let algorithm: SignatureAlgorithm

    func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets
    ) throws(ProviderError) {
        if secrets.signing.isEmpty { throw .webhookRefused(.secretMissing) }
        guard let signature = delivery.headers[header] else {
            throw .webhookRefused(.signatureMissing)
        }
        guard signature.hasPrefix(prefix) else { throw .webhookRefused(.signatureMalformed) }
        try algorithm.verify(
            Base16.decode(signature.dropFirst(prefix.count)),
            of: delivery.body,
            keys: secrets.signing.map { Array($0.utf8) }
        )
    }
}
