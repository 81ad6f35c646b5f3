/// Why bytes are not what the contract says they are: `message` names the place and what was
/// expected there, for the person who wrote the function or the event.
package struct ContractError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was expected, without the place.
    package let problem: String
    /// Where in a JSON text, when its grammar is what is wrong.
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
