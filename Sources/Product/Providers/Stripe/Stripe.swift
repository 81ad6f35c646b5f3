package import FunctionContract
private import Security

/// Verifies and parses Stripe's webhooks. It sends nothing.
package enum Stripe {
    package static let toleranceSeconds: Int64 = 300

    /// Returns if one of `secrets` signed the body. A secret includes its prefix `whsec_`. Like
    /// Stripe's own libraries, this refuses old signatures and accepts timestamps in the future.
    package static func verify(
        _ delivery: WebhookDelivery,
        secrets: [String],
        now: Timestamp
    ) throws(ProviderError) {
        if delivery.body.isEmpty { throw .webhookRefused(.bodyEmpty) }
        guard let header = delivery.headers["stripe-signature"] else {
            throw .webhookRefused(.signatureMissing)
        }
        let fields = header.split(separator: ",").map { field in
            field.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
        }
        let times = fields.filter { $0.count == 2 && $0[0] == "t" }.map { $0[1] }
        guard let time = times.last, let seconds = Int64(time) else {
            throw .webhookRefused(.timestampMissing)
        }
        let codes = fields.filter { $0.count == 2 && $0[0] == "v1" }
            .compactMap { Base16.decode($0[1]) }
        if codes.isEmpty { throw .webhookRefused(.signatureMalformed) }
        try verify(codes, of: Array("\(time).".utf8) + delivery.body, secrets)
        if seconds < now.milliseconds / 1000 - toleranceSeconds {
            throw .webhookRefused(.timestampTooOld)
        }
    }

    private static func verify(
        _ codes: [[UInt8]],
        of message: [UInt8],
        _ secrets: [String]
    ) throws(ProviderError) {
        let secrets = secrets.filter { !$0.isEmpty }
        if secrets.isEmpty { throw .webhookRefused(.secretMissing) }
        let isGenuine = secrets.contains { secret in
            let expected = HMAC.sha256(key: Array(secret.utf8), message: message)
            return codes.contains { ConstantTime.equal($0, expected) }
        }
        if !isGenuine { throw .webhookRefused(.signatureMismatch) }
    }

    /// The event in a webhook body. Types that we do not use are `.other` and keep their JSON.
    package static func event(in body: [UInt8]) throws(ProviderError) -> StripeEvent {
        let json: JSON
        do {
            json = try JSONParser.parse(body).withoutNulls
        } catch {
            throw .bodyMalformed(error.message)
        }
        return StripeEvent(json)
    }
}
