private import FunctionContract

/// Encrypts secrets for the database with AES-256-GCM. The master key is in the environment, so the
/// database alone does not reveal the secrets.
///
/// A sealed secret is `version (1) | key id (4) | nonce (12) | ciphertext | tag (16)`. The context
/// (such as `channel/<id>/token`) is authenticated but not stored. A secret copied to another row
/// therefore does not open there.
///
/// To rotate, put the new key first. Keep the old one behind it until every secret is sealed again.
package struct SealedSecrets: Sendable {
    package static let secretLimit = 65_536

    private static let version: UInt8 = 1
    private static let headerCount = 5
    private static let overhead = headerCount + AESGCM.nonceCount + AESGCM.tagCount

    private let keys: [MasterKey]

    /// `list` holds base64 keys of 32 bytes between commas. The first key seals; all keys open.
    package init(masterKeys list: String) throws(SecurityError) {
        var keys: [MasterKey] = []
        for (index, text) in list.split(separator: ",").enumerated() {
            let text = text.filter { !$0.isWhitespace }
            guard let bytes = Base64.decode(text), bytes.count == AESGCM.keyCount else {
                throw .masterKeyMalformed(index + 1)
            }
            keys.append(MasterKey(bytes))
        }
        if keys.isEmpty { throw .masterKeyMissing }
        self.keys = keys
    }

    package func seal(_ secret: [UInt8], for context: String) throws(SecurityError) -> [UInt8] {
        if secret.count > Self.secretLimit { throw .secretTooLong }
        let key = keys[0]
        let header = [Self.version] + key.id
        // A random nonce is safe for 2^32 secrets per key, far more than any installation has.
        let nonce = SecureRandom.bytes(AESGCM.nonceCount)
        let box = try AESGCM.seal(
            secret,
            key: key.bytes,
            nonce: nonce,
            authenticating: header + Array(context.utf8)
        )
        return header + nonce + box
    }

    package func open(_ sealed: [UInt8], for context: String) throws(SecurityError) -> [UInt8] {
        guard sealed.count >= Self.overhead, sealed.count <= Self.secretLimit + Self.overhead,
            sealed[0] == Self.version
        else { throw .sealedSecretMalformed }
        let header = Array(sealed[..<Self.headerCount])
        guard let key = keys.first(where: { $0.id == Array(header[1...]) }) else {
            throw .sealingKeyUnknown
        }
        let boxStart = Self.headerCount + AESGCM.nonceCount
        return try AESGCM.open(
            Array(sealed[boxStart...]),
            key: key.bytes,
            nonce: Array(sealed[Self.headerCount..<boxStart]),
            authenticating: header + Array(context.utf8)
        )
    }

    /// The id of each key, the current one first: eight hexadecimal digits derived from the key.
    package var keyIDs: [String] {
        keys.map { key in
            key.id.flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }.joined()
        }
    }

    /// Whether `sealed` uses the current key, so that sealing it again is unnecessary.
    package func isSealedWithCurrentKey(_ sealed: [UInt8]) -> Bool {
        sealed.prefix(Self.headerCount).elementsEqual([Self.version] + keys[0].id)
    }
}

extension SealedSecrets: CustomStringConvertible {
    /// States the number of keys, never their values.
    package var description: String { "\(keys.count) master keys" }
}

private struct MasterKey: Sendable {
    let bytes: [UInt8]
    /// Derived from the key, so that an operator does not have to name keys.
    let id: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        id = Array(HMAC.sha256(key: bytes, message: Array("sealed secret key id".utf8)).prefix(4))
    }
}
