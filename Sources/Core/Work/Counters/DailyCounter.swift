internal import Database
package import FunctionContract

/// Whose counter, on whose calendar, and up to where.
package struct DailyCounter: Sendable, Equatable {
    /// Its name within the workspace.
    package let key: String
    /// Nil for a counter of the platform itself.
    package let workspace: UUID?
    /// Where its day begins and ends, such as `Africa/Libreville`.
    package let timezone: String
    package let cap: Int

    package init(key: String, workspace: UUID?, timezone: String, cap: Int) {
        precondition(cap >= 0, "a cap is a count")
        self.key = key
        self.workspace = workspace
        self.timezone = timezone
        self.cap = cap
    }
}
