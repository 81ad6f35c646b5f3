/// The rights of a member in a workspace, enforced by row-level security.
package enum Role: String, CaseIterable, Sendable {
    /// Sees and configures the whole workspace.
    case superAdmin = "super_admin"
    /// Sees the whole workspace, and writes all of it except channels and their settings.
    case manager
    /// Sees and changes only the rows that they created.
    case admin
    /// Sees the whole workspace and answers conversations.
    case `operator`
    /// Sees the whole workspace and changes nothing.
    case reader
    /// A function that works for the whole workspace, without a user.
    case service
}
