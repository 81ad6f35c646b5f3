/// An input that violates the contract. `message` names the place and the expected value, for the
/// author of the function or event.
package struct ContractError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The expected value, without the place.
    package let problem: String
    /// The byte offset of a JSON syntax error; nil for other errors.
    package let offset: Int?

    package init(_ problem: String, offset: Int? = nil) {
        self.problem = problem
        self.offset = offset
    }

    package var message: String {
        if let offset { "JSON, byte \(offset): \(problem)" } else { problem }
    }

    package var description: String { message }
}
