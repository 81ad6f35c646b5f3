/// Why bytes are not what the contract says they are: `message` names the place and what was
/// expected there, for the person who wrote the function or the event.
package struct ContractError: Error, Equatable, Sendable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}
