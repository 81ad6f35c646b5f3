package import FunctionContract
private import Security

/// A webhook as received, before verification.
package struct WebhookDelivery: Equatable, Sendable {
    /// Names are lower-case.
    package var headers: HTTPFields
    /// The exact bytes received: providers sign these bytes.
    package var body: [UInt8]
    /// The unguessable part of the called address, if there is one.
    package var addressSecret: String?
    /// Candidates for the full address that the sender called, with its query; the likeliest is
    /// first. Some providers sign the address, and a proxy may change it. A candidate itself proves
    /// nothing.
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

    /// Equal for equal bytes, so that a repeated delivery is recognised before parsing. The events
    /// inside have keys of their own.
    package var dedupeKey: String { "sha256:" + Base16.encode(SHA256.digest(body)) }
}

/// The secrets that verify a webhook. During a rotation several secrets of a kind are valid.
package struct WebhookSecrets: Equatable, Sendable {
    /// Keys that sign the body.
    package var signing: [String]
    /// Unguessable parts of the address, for providers that do not always sign.
    package var address: [String]

    package init(signing: [String] = [], address: [String] = []) {
        self.signing = signing.filter { !$0.isEmpty }
        self.address = address.filter { !$0.isEmpty }
    }

    var isEmpty: Bool { signing.isEmpty && address.isEmpty }

    /// Always compares with every secret, so that the duration does not reveal which one matched.
    func hasAddress(_ candidate: String?) -> Bool {
        guard let candidate else { return false }
        return address.reduce(false) { found, secret in
            ConstantTime.equal(secret, candidate) || found
        }
    }
}

extension WebhookSecrets: CustomStringConvertible {
    /// The number of secrets, never their text.
    package var description: String { "\(signing.count) signing, \(address.count) address" }
}

/// The digest algorithms of webhook signatures.
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

    /// Throws unless `code` is the HMAC of `message` under one of `keys`.
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
