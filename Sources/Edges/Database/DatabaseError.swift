/// A database error: a code to branch on and a sentence to show.
///
/// It never contains a bound value or a password. The server's DETAIL is dropped because it quotes
/// rows. So is the value that a data exception quotes.
package struct DatabaseError: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
        /// The database URL is missing or unreadable.
        case configuration
        /// No server answered, or the server is starting, stopping or full.
        case unreachable
        case authentication
        /// The deadline or `statement_timeout` passed.
        case timeout
        /// The connection broke. Outside a transaction the statement may have taken effect.
        case connectionLost
        /// COMMIT was sent but not answered: it may have taken effect. Never retried.
        case commitUnknown
        case serialization
        case deadlock
        case uniqueViolation
        case foreignKeyViolation
        case notNullViolation
        case checkViolation
        case exclusionViolation
        /// A value does not fit its type.
        case invalidValue
        case permission
        /// The server does not understand the SQL, or the SQL names something that does not exist.
        case invalidStatement
        /// A row cannot be read as the requested type.
        case decoding
        /// The migrations or the server do not meet the needs of this version.
        case migration
        case other
    }

    package let code: Code
    package let message: String
    package var sqlState: String?
    package var table: String?
    package var column: String?
    package var constraint: String?
    /// Where the server found the error: a character position in the statement, from 1.
    package var position: Int?

    package init(_ code: Code, _ message: String, sqlState: String? = nil) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
    }

    func with(_ code: Code, _ message: String) -> DatabaseError {
        var error = DatabaseError(code, message, sqlState: sqlState)
        error.table = table
        error.column = column
        error.constraint = constraint
        error.position = position
        return error
    }

    /// The line of `position`, from 1.
    func line(in sql: String) -> Int? {
        position.map { sql.unicodeScalars.prefix($0 - 1).count { $0 == "\n" } + 1 }
    }
}

extension DatabaseError: CustomStringConvertible {
    package var description: String {
        message + (sqlState.map { " (SQLSTATE \($0))" } ?? "")
    }
}

extension DatabaseError.Code {
    /// The code for a five-character SQLSTATE.
    init(sqlState: String) {
        self =
            switch sqlState {
            case "40001": .serialization
            case "40P01": .deadlock
            case "23505": .uniqueViolation
            case "23503": .foreignKeyViolation
            case "23502": .notNullViolation
            case "23514": .checkViolation
            case "23P01": .exclusionViolation
            case "57014", "55P03", "25P04": .timeout
            case "57P01", "57P02", "57P05", "25P03": .connectionLost
            case "57P03", "53300": .unreachable
            case "42501": .permission
            default: Self(sqlStateClass: sqlState.prefix(2))
            }
    }

    private init(sqlStateClass: Substring) {
        self =
            switch sqlStateClass {
            case "08": .connectionLost
            case "22": .invalidValue
            case "28": .authentication
            case "3D", "3F", "42": .invalidStatement
            default: .other
            }
    }
}

extension DatabaseError {
    /// Creates an error from the server's report.
    init(serverState: String, message: String) {
        let code = Code(sqlState: serverState)
        // In `invalid input syntax for type integer: "…"` the quoted part is the value.
        let shown = code == .invalidValue ? message.before(": \"") : message
        self.init(code, shown, sqlState: serverState)
    }
}

extension String {
    fileprivate func before(_ mark: String) -> String {
        firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
    }
}
