/// Why a key, a sealed secret or a token was refused. No case contains a secret, a key or a token.
package enum SecurityError: Error, Equatable, Sendable {
    /// A master key is not 32 bytes of base64. The number is its position in the list, from 1.
    case masterKeyMalformed(Int)
    case masterKeyMissing
    case secretTooLong
    case sealedSecretMalformed
    /// The secret was sealed with a key that this process does not have.
    case sealingKeyUnknown
    /// The secret was changed after sealing, or sealed for another context.
    case sealedSecretTampered
    case tokenKeyTooShort
    case tokenMalformed
    case tokenAlgorithm
    case tokenSignature
    case tokenExpired
    case tokenNotYetValid
    case tokenAudience
    /// OpenSSL failed at an operation that succeeds on a healthy machine.
    case libraryFailed
}

extension SecurityError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .masterKeyMalformed(let place):
            "master key \(place) is not 32 bytes of base64; make one with: openssl rand -base64 32"
        case .masterKeyMissing: "there is no master key; make one with: openssl rand -base64 32"
        case .secretTooLong: "the secret is longer than \(SealedSecrets.secretLimit) bytes"
        case .sealedSecretMalformed: "these bytes are no sealed secret"
        case .sealingKeyUnknown: "sealed with a master key that is not in the list"
        case .sealedSecretTampered: "the sealed secret was changed or belongs to something else"
        case .tokenKeyTooShort: "a token key must have at least 32 bytes"
        case .tokenMalformed: "the token is not a JSON Web Token"
        case .tokenAlgorithm: "the token is not signed with HS256"
        case .tokenSignature: "the token was signed with another key"
        case .tokenExpired: "the token has expired"
        case .tokenNotYetValid: "the token is not valid yet"
        case .tokenAudience: "the token is meant for someone else"
        case .libraryFailed: "OpenSSL failed; the process may be out of memory"
        }
    }
}
