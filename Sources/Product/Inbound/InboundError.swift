package import Accounts
package import Database
package import Providers

/// Why something that came in cannot be taken or understood.
package enum InboundError: Error, Equatable, Sendable {
    case database(DatabaseError)
    case account(AccountError)
    /// No channel has the address that was called.
    case addressUnknown
    /// Too many addresses that nobody knows are called: this one was not looked up.
    case tooManyStrangers
    /// The webhook proves nothing, or is no JSON.
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
