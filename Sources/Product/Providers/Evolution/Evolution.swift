import FunctionContract
private import Security

/// Evolution API: Baileys sessions behind an HTTP API that everyone runs for themselves.
package enum Evolution {
    private static let tokenHeader = "x-webhook-token"

    /// Evolution signs no bodies. A webhook proves itself by a short-lived token that it signs
    /// with `jwt_key`, or by an unguessable address or `X-Webhook-Token` header.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        if secrets.isEmpty { throw .webhookRefused(.secretMissing) }
        if !secrets.signing.isEmpty { try verifyToken(delivery, secrets, now: now) }
        if secrets.address.isEmpty { return }
        let candidates = [delivery.addressSecret, delivery.headers[tokenHeader]]
        guard candidates.contains(where: secrets.hasAddress) else {
            throw .webhookRefused(.addressSecretMismatch)
        }
    }

    private static func verifyToken(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        guard let header = delivery.headers["authorization"] else {
            throw .webhookRefused(.signatureMissing)
        }
        guard header.hasPrefix("Bearer ") else { throw .webhookRefused(.signatureMalformed) }
        let claims: JSONObject
        do {
            claims = try JSONWebToken.verify(
                String(header.dropFirst("Bearer ".count)),
                keys: secrets.signing.map { Array($0.utf8) },
                audience: nil,
                now: now
            )
        } catch {
            throw .webhookRefused(WebhookRefusal(error))
        }
        guard claims["app"] == "evolution", claims["action"] == "webhook" else {
            throw .webhookRefused(.signatureMismatch)
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
