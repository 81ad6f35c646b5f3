/// Why this module refused: a webhook without a valid proof, or a message that the provider would
/// not accept.
package enum ProviderError: Error, Equatable, Sendable {
    case webhookRefused(WebhookRefusal)
    /// The body is not in the form that the provider's webhooks have.
    case bodyMalformed(String)
    case unsupported(Capability, Provider)
    /// `field` holds `count` characters, bytes or elements; the provider accepts `limit`.
    case exceeds(field: String, count: Int, limit: Int)
    case invalid(field: String, reason: String)
}

/// Why a webhook was refused, for the log of the person who configured it.
package enum WebhookRefusal: String, Equatable, Sendable {
    /// No secret is configured with which to verify a webhook.
    case secretMissing = "no secret is configured for this webhook"
    case bodyEmpty = "the body is empty"
    case signatureMissing = "the signature header is missing"
    case signatureMalformed = "the signature header is not in the expected form"
    case signatureMismatch = "the signature was made with another secret or for another body"
    case addressSecretMismatch = "the secret in the address or header is missing or wrong"
    case timestampMissing = "the signature carries no timestamp"
    case timestampTooOld = "the signature is older than the tolerance"
    case timestampTooNew = "the signature is from the future: check the clocks"
}

extension ProviderError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .webhookRefused(let reason): "webhook refused: \(reason.rawValue)"
        case .bodyMalformed(let place): "the webhook body cannot be read: \(place)"
        case .unsupported(let capability, let provider):
            "\(provider.rawValue) has no operation for \(capability.rawValue)"
        case .exceeds(let field, let count, let limit):
            "\(field) is \(count) long; the provider takes at most \(limit)"
        case .invalid(let field, let reason): "\(field): \(reason)"
        }
    }
}
