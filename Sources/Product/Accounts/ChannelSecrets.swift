internal import Database
internal import FunctionContract
package import Providers
internal import Security

/// The secrets that verify a channel's webhooks. During a rotation each list may also hold old
/// secrets.
package struct WebhookCredentials: Sendable, Equatable {
    /// The tokens that the provider must send when the webhook address is registered.
    package var verifyTokens: [String]
    package var secrets: WebhookSecrets

    package init(verifyTokens: [String] = [], secrets: WebhookSecrets = WebhookSecrets()) {
        self.verifyTokens = verifyTokens
        self.secrets = secrets
    }
}

extension WebhookCredentials {
    /// How many old secrets of each kind are kept beside the newest.
    private static let oldLimit = 4

    /// Adds the secret that we choose, if the provider uses one. It is a verify token, or an
    /// unguessable part of the address for providers that do not always sign.
    package mutating func addOurs(for provider: Provider) {
        switch provider.proof {
        case .signatureAfterHandshake:
            verifyTokens = Self.put(SecureRandom.token(), before: verifyTokens)
        case .signature: break
        case .address:
            secrets.address = Self.put(SecureRandom.token(), before: secrets.address)
        }
    }

    /// Adds the provider's new signing secret.
    package mutating func addSigning(_ secret: String) {
        secrets.signing = Self.put(secret, before: secrets.signing)
    }

    /// Removes all but the newest of each kind.
    package mutating func retireOld() {
        verifyTokens = Array(verifyTokens.prefix(1))
        secrets.signing = Array(secrets.signing.prefix(1))
        secrets.address = Array(secrets.address.prefix(1))
    }

    private static func put(_ secret: String, before old: [String]) -> [String] {
        [secret] + old.filter { $0 != secret }.prefix(oldLimit)
    }
}

/// Seals a channel's secrets for one row and one column, so that they cannot be opened elsewhere.
struct ChannelSeal {
    private let secrets: SealedSecrets
    private let channel: UUID

    init(_ secrets: SealedSecrets, _ channel: UUID) {
        self.secrets = secrets
        self.channel = channel
    }

    func seal(token: String) throws(AccountError) -> [UInt8] {
        try seal(Array(token.utf8), "access")
    }

    func token(in sealed: [UInt8]) throws(AccountError) -> String {
        let bytes = try open(sealed, "access")
        guard let token = String(validating: bytes, as: UTF8.self) else {
            throw .secretsUnreadable(channel)
        }
        return token
    }

    func seal(_ webhook: WebhookCredentials) throws(AccountError) -> [UInt8] {
        let json: JSON = [
            "verify": .strings(webhook.verifyTokens),
            "signing": .strings(webhook.secrets.signing),
            "address": .strings(webhook.secrets.address),
        ]
        return try seal(json.bytes, "webhook")
    }

    func webhook(in sealed: [UInt8]) throws(AccountError) -> WebhookCredentials {
        let bytes = try open(sealed, "webhook")
        guard let json = try? JSONParser.parse(bytes) else { throw .secretsUnreadable(channel) }
        return WebhookCredentials(
            verifyTokens: json["verify"].strings,
            secrets: WebhookSecrets(
                signing: json["signing"].strings,
                address: json["address"].strings
            )
        )
    }

    private func seal(_ bytes: [UInt8], _ column: String) throws(AccountError) -> [UInt8] {
        do {
            return try secrets.seal(bytes, for: context(column))
        } catch {
            throw .security(error)
        }
    }

    private func open(_ sealed: [UInt8], _ column: String) throws(AccountError) -> [UInt8] {
        do {
            return try secrets.open(sealed, for: context(column))
        } catch {
            throw .security(error)
        }
    }

    private func context(_ column: String) -> String { Self.context(channel, column) }

    /// The context that binds a sealed secret to its channel and column.
    static func context(_ channel: UUID, _ column: String) -> String {
        "channel/\(channel)/\(column)"
    }
}

extension JSON {
    fileprivate static func strings(_ strings: [String]) -> JSON {
        .array(strings.map { .string($0) })
    }
}

extension JSON? {
    fileprivate var strings: [String] { self?.array?.compactMap(\.string) ?? [] }
}
