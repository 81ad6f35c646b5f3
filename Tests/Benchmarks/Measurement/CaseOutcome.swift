/// How a case ended, on one line for a person.
package enum CaseOutcome: String, Sendable {
    case met
    case missed = "MISSED"
    /// A smoke run judges no figure.
    case ran
    case failed = "FAILED"

    /// The line of a case.
    package func line(_ name: String, _ words: String) -> String {
        Self.column(rawValue, 8) + Self.column(name, 22) + words
    }

    private static func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
