package import FunctionContract
private import Security

/// A webhook as it arrived, before anyone believes it.
package struct WebhookDelivery: Equatable, Sendable {
    /// Names are lower-case.
    package var headers: HTTPFields
    /// The exact bytes received: signatures are made over them.
    package var body: [UInt8]
    /// The unguessable part of the address that was called, when there is one.
    package var addressSecret: String?
    /// The whole address, with its query, as the sender may have written it: some sign it. A proxy
    /// changes it, so there are several, the likeliest first. None of them proves anything.
    package var addresses: [String]

    package init(
        headers: HTTPFields,
        body: [UInt8],
        addressSecret: String? = nil,
        addresses: [String] = []
    ) {
        self.headers = headers
        self.body = body
        self.addressSecret = addressSecret
        self.addresses = addresses
    }

    /// The same for the same bytes: a provider that delivers again is recognised before anything
    /// is parsed. The events inside have keys of their own.
    package var dedupeKey: String { "sha256:" + Base16.encode(SHA256.digest(body)) }
}

/// What a webhook may be proved with. Several of a kind are accepted at once while one replaces
/// the other.
package struct WebhookSecrets: Equatable, Sendable {
    /// Keys that sign the body.
    package var signing: [String]
    /// Unguessable parts of the address, for providers that sign nothing.
    package var address: [String]

    package init(signing: [String] = [], address: [String] = []) {
        self.signing = signing.filter { !$0.isEmpty }
        self.address = address.filter { !$0.isEmpty }
    }

    var isEmpty: Bool { signing.isEmpty && address.isEmpty }

    /// Compares with every secret, always, so that time does not tell which one was close.
    func hasAddress(_ candidate: String?) -> Bool {
        guard let candidate else { return false }
        return address.reduce(false) { found, secret in
            ConstantTime.equal(secret, candidate) || found
        }
    }
}

extension WebhookSecrets: CustomStringConvertible {
    /// How many there are, and not what they are.
    package var description: String { "\(signing.count) signing, \(address.count) address" }
}

/// The digests that webhook signatures are made with.
enum SignatureAlgorithm {
    case sha1
    case sha256
    case sha512

    var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    func code(key: [UInt8], message: [UInt8]) -> [UInt8] {
        switch self {
        case .sha1: HMAC.sha1(key: key, message: message)
        case .sha256: HMAC.sha256(key: key, message: message)
        case .sha512: HMAC.sha512(key: key, message: message)
        }
    }

    /// Throws unless `code` was made over `message` with one of `keys`.
    func verify(
        _ code: [UInt8]?,
        of message: [UInt8],
        keys: [[UInt8]]
    ) throws(ProviderError) {
        if keys.isEmpty { throw .webhookRefused(.secretMissing) }
        guard let code, code.count == byteCount else {
            throw .webhookRefused(.signatureMalformed)
        }
        let isGenuine = keys.reduce(false) { found, key in
            ConstantTime.equal(self.code(key: key, message: message), code) || found
        }
        if !isGenuine { throw .webhookRefused(.signatureMismatch) }
    }
}
