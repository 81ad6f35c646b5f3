internal import Database
package import FunctionContract

/// A counter with its workspace, calendar and cap.
package struct DailyCounter: Sendable, Equatable {
    /// Its name within the workspace.
    package let key: String
    /// Nil for a counter of the platform itself.
    package let workspace: UUID?
    /// The time zone of its days, such as `Africa/Libreville`.
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
