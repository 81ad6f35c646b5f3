import FunctionContract
private import Security

/// Evolution API: Baileys sessions behind an HTTP API that each operator hosts.
package enum Evolution: JSONAdapter {
    static let provider = Provider.evolution

    static let traits = ProviderTraits(
        capabilities: [
            .text, .buttons, .list, .mediaByLink, .reaction, .markRead, .typing, .numberCheck,
            .messageSearch, .mediaDownload, .receipts,
        ],
        names: [.phone, .waID, .lid],
        proof: .address,
        words: ProviderTraits.Words(
            id: "the instance name",
            token: "API key of the instance",
            secret: "jwt_key of the webhook (Enter: none)"
        ),
        pacing: [.gentle]
    )

    private static let tokenHeader = "x-webhook-token"

    /// How long an expired token is still accepted together with the right address. Evolution makes
    /// one token per event and reuses it for retries, which continue after the token has expired.
    private static let latenessMilliseconds: Int64 = 24 * 3600 * 1000

    /// Evolution does not sign bodies. It proves a webhook with a short-lived token signed with
    /// `jwt_key`, with an unguessable address, or with an `X-Webhook-Token` header. All configured
    /// proofs are required. A replay changes nothing, because a repeated body is recognised by its
    /// digest.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        if secrets.isEmpty { throw .webhookRefused(.secretMissing) }
        let candidates = [delivery.addressSecret, delivery.headers[tokenHeader]]
        let hasAddress = candidates.contains(where: secrets.hasAddress)
        if !secrets.signing.isEmpty {
            let lateness = hasAddress ? latenessMilliseconds : 0
            let latest = Timestamp(milliseconds: now.milliseconds - lateness)
            try verifyToken(delivery, secrets, now: now, endingAfter: latest)
        }
        if !secrets.address.isEmpty, !hasAddress {
            throw .webhookRefused(.addressSecretMismatch)
        }
    }

    private static func verifyToken(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp,
        endingAfter latest: Timestamp
    ) throws(ProviderError) {
        guard let header = delivery.headers["authorization"] else {
            throw .webhookRefused(.signatureMissing)
        }
        guard header.hasPrefix("Bearer ") else { throw .webhookRefused(.signatureMalformed) }
        let token = String(header.dropFirst("Bearer ".count))
        let keys = secrets.signing.map { Array($0.utf8) }
        let claims: JSONObject
        do {
            claims = try claimsOf(token, keys, now: now, endingAfter: latest)
        } catch {
            throw .webhookRefused(WebhookRefusal(error))
        }
        guard claims["app"] == "evolution", claims["action"] == "webhook" else {
            throw .webhookRefused(.signatureMismatch)
        }
    }

    private static func claimsOf(
        _ token: String,
        _ keys: [[UInt8]],
        now: Timestamp,
        endingAfter latest: Timestamp
    ) throws(SecurityError) -> JSONObject {
        do {
            return try JSONWebToken.verify(token, keys: keys, audience: nil, now: now)
        } catch {
            guard case .tokenExpired = error, latest < now else { throw error }
            return try JSONWebToken.verify(token, keys: keys, audience: nil, now: latest)
        }
    }

    /// The body without the instance's `apikey`, which Evolution puts into every webhook. Whoever
    /// has the key can send in the name of the instance.
    static func keptBody(of delivery: WebhookDelivery) throws(ProviderError) -> [UInt8] {
        do {
            return try JSONParser.clearing("apikey", in: delivery.body)
        } catch {
            throw .bodyMalformed(error.message)
        }
    }

    static func events(in body: JSON) -> [DomainEvent] {
        EvolutionDelivery(body).events
    }

    static func status(_ value: JSON?) -> DeliveryStatus? {
        switch (value?.asInteger, value?.asText) {
        case (0, _), (_, "ERROR"): .failed
        case (1, _), (_, "PENDING"): .queued
        case (2, _), (_, "SERVER_ACK"): .sent
        case (3, _), (_, "DELIVERY_ACK"): .delivered
        case (4, _), (_, "READ"): .read
        case (5, _), (_, "PLAYED"): .played
        default: nil
        }
    }
}

extension WebhookRefusal {
    fileprivate init(_ error: SecurityError) {
        self =
            switch error {
            case .tokenExpired: .timestampTooOld
            case .tokenNotYetValid: .timestampTooNew
            case .tokenSignature: .signatureMismatch
            default: .signatureMalformed
            }
    }
}
