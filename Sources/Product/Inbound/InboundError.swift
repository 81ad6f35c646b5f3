package import Accounts
package import Database
package import Providers

/// Why a webhook or a link cannot be accepted or read.
package enum InboundError: Error, Equatable, Sendable {
    case database(DatabaseError)
    case account(AccountError)
    /// No channel has the requested address.
    case addressUnknown
    /// Too many requests name unknown addresses: this one was not looked up.
    case tooManyStrangers
    /// The webhook's signature or secret is not valid, or its body is malformed.
    case refused(ProviderError)
}

extension InboundError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .database(let error): error.description
        case .account(let error): error.description
        case .addressUnknown: "there is no channel at this address"
        case .tooManyStrangers:
            "too many addresses that no channel has are called: this one was not looked up"
        case .refused(let error): error.description
        }
    }
}

extension InboundError {
    static func wrap<Result>(
        _ body: () throws(DatabaseError) -> Result
    ) throws(InboundError) -> Result {
        do {
            return try body()
        } catch {
            throw .database(error)
        }
    }
}
