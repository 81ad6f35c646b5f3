internal import Database
package import FunctionContract

/// Our reference to one attempt to send one message. Providers return it in receipts. A receipt can
/// therefore settle an attempt whose answer was lost.
package struct AttemptReference: Sendable, Hashable {
    package let message: UUID
    package let attempt: Int

    package init(message: UUID, attempt: Int) {
        self.message = message
        self.attempt = attempt
    }

    /// Nil for a reference that we did not write: anybody can put one into a receipt.
    package init?(_ text: String?) {
        guard let parts = text?.split(separator: "."), parts.count == 2,
            let message = UUID(parts[0]), let attempt = Int32(parts[1]), attempt > 0
        else { return nil }
        self.init(message: message, attempt: Int(attempt))
    }

    package var text: String { "\(message).\(attempt)" }
}
