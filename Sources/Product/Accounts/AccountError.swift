package import Database
package import FunctionContract
package import Security

/// Why an operation on a workspace or a channel failed.
package enum AccountError: Error, Equatable, Sendable {
    case database(DatabaseError)
    case security(SecurityError)
    case channelMissing(UUID)
    /// The unsealed content of the row is not in the form that this version writes.
    case secretsUnreadable(UUID)
}

extension AccountError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .database(let error): error.description
        case .security(let error): error.description
        case .channelMissing(let id): "there is no channel \(id) in this workspace"
        case .secretsUnreadable(let id):
            "the secrets of channel \(id) cannot be read: enter them again"
        }
    }
}
