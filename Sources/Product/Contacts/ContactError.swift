package import Database
package import FunctionContract

/// Why an operation on a contact or a category failed.
package enum ContactError: Error, Equatable, Sendable {
    case database(DatabaseError)
    case contactMissing(UUID)
    case categoryMissing(UUID)
    /// Another contact of the workspace has this number.
    case phoneTaken(String)
    case categoryNameTaken(String)
    case tooMany(String, limit: Int)
}

extension ContactError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .database(let error): error.description
        case .contactMissing(let id): "there is no contact \(id) in this workspace"
        case .categoryMissing(let id): "there is no category \(id) in this workspace"
        case .phoneTaken(let phone): "another contact has the number \(phone)"
        case .categoryNameTaken(let name): "there is already a category called \"\(name)\""
        case .tooMany(let what, let limit): "too many \(what): at most \(limit) at once"
        }
    }
}

extension ContactError {
    /// Translates unique violations, which only name a constraint, into errors that help a person.
    static func wrap<Result>(
        category: String? = nil,
        _ body: () throws(DatabaseError) -> Result
    ) throws(ContactError) -> Result {
        do {
            return try body()
        } catch {
            guard error.code == .uniqueViolation else { throw .database(error) }
            if let category, error.table == "category" { throw .categoryNameTaken(category) }
            throw .database(error)
        }
    }
}
