import FunctionContract
private import Security

/// Twilio's Programmable Messaging, for WhatsApp.
enum Twilio: ProviderAdapter {
    static let provider = Provider.twilio

    static let traits = ProviderTraits(
        capabilities: [
            .text, .template, .mediaByLink, .messageLookup, .messageSearch, .mediaDownload,
            .receipts, .referenceEcho,
        ],
        publicBaseURL: "https://api.twilio.com",
        serviceWindow: .seconds(24 * 3600),
        names: [.phone, .waID],
        proof: .signature,
        needsAccount: true,
        words: ProviderTraits.Words(
            id: "the WhatsApp sender, such as +14155238886, or the MG… of a Messaging Service",
            account: "the Account SID, AC…, from the console's first page",
            token: "Auth Token (or an API key: its SID, a colon, its secret)",
            secret: "Auth Token, which signs the webhooks"
        ),
        pacing: [.twilio]
    )

    static let webhookReply = WebhookReply(contentType: "text/xml", body: "<Response/>")

    /// Checks `X-Twilio-Signature`: base64(HMAC-SHA1(auth token, address and fields)). The address
    /// is the one that Twilio called, with its query. The form's fields follow, sorted by name;
    /// each name is followed by its value, without separators. For a body that is not a form, the
    /// address holds its digest instead.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        if secrets.signing.isEmpty { throw .webhookRefused(.secretMissing) }
        guard let header = delivery.headers["x-twilio-signature"] else {
            throw .webhookRefused(.signatureMissing)
        }
        guard let code = Base64.decode(header) else { throw .webhookRefused(.signatureMalformed) }
        let keys = secrets.signing.map { Array($0.utf8) }
        var refusal = ProviderError.webhookRefused(.signatureMismatch)
        for address in delivery.addresses.flatMap(spellings) {
            guard let message = signedText(address, delivery.body) else { continue }
            do throws(ProviderError) {
                return try SignatureAlgorithm.sha1.verify(code, of: message, keys: keys)
            } catch {
                refusal = error
            }
        }
        throw refusal
    }

    static func check(_ body: [UInt8]) throws(ProviderError) {
        guard String(validating: body, as: UTF8.self) != nil else {
            throw .bodyMalformed("the form is not UTF-8")
        }
    }

    /// The form with our reference added. Twilio returns the reference only in the address.
    static func keptBody(of delivery: WebhookDelivery) -> [UInt8] {
        guard let query = delivery.addresses.first?.split(separator: "?", maxSplits: 1).last,
            let reference = FormFields(Array(query.utf8))[referenceParameter]
        else { return delivery.body }
        let field = FormFields([(keptReference, reference)]).bytes
        return delivery.body + (delivery.body.isEmpty ? [] : [UInt8(ascii: "&")]) + field
    }

    static func events(in body: [UInt8]) throws(ProviderError) -> [DomainEvent] {
        [TwilioDelivery(FormFields(body)).event]
    }

    /// The parameter of the callback address that holds our reference.
    static let referenceParameter = "ref"
    /// The field that holds our reference in the stored body. Twilio's own field names have no dot.
    static let keptReference = "relais.reference"

    static func status(_ word: String?) -> DeliveryStatus? {
        switch word {
        case "accepted", "scheduled", "queued", "sending": .accepted
        case "sent": .sent
        case "delivered": .delivered
        case "read": .read
        case "undelivered", "failed", "canceled": .failed
        default: nil
        }
    }

    private static func signedText(_ address: String, _ body: [UInt8]) -> [UInt8]? {
        let query = address.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        if let digest = FormFields(Array(query.utf8))["bodySHA256"] {
            let isGenuine = ConstantTime.equal(digest, Base16.encode(SHA256.digest(body)))
            return isGenuine ? Array(address.utf8) : nil
        }
        let fields = Set(FormFields(body).pairs.map { Field(name: $0.name, value: $0.value) })
        let text = fields.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { $0.name + $0.value }.joined()
        return Array((address + text).utf8)
    }

    private struct Field: Hashable {
        let name: String
        let value: String
    }

    /// Twilio signs an address with or without its scheme's default port.
    private static func spellings(of address: String) -> [String] {
        guard let separator = address.firstRange(of: "://") else { return [address] }
        let port = address.hasPrefix("https") ? ":443" : ":80"
        let rest = address[separator.upperBound...]
        let end = rest.firstIndex { "/?".contains($0) } ?? rest.endIndex
        let (scheme, authority) = (address[..<separator.upperBound], rest[..<end])
        if authority.hasSuffix(port) {
            let bare = authority.dropLast(port.count)
            return [address, "\(scheme)\(bare)\(rest[end...])"]
        }
        guard !authority.contains(":") else { return [address] }
        return [address, "\(scheme)\(authority)\(port)\(rest[end...])"]
    }
}

extension PacingProfile {
    /// A WhatsApp sender at Twilio sends 80 messages a second. If its queue there grows too long,
    /// messages fail.
    fileprivate static let twilio = PacingProfile(
        "twilio",
        every: .microseconds(12_500),
        burst: 8
    )
}
