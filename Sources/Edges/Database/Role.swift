/// What somebody may do in a workspace; row-level security holds them to it.
package enum Role: String, CaseIterable, Sendable {
    /// Sees and configures the whole workspace.
    case superAdmin = "super_admin"
    /// Sees the whole workspace, and writes all of it but channels and their settings.
    case manager
    /// Sees and changes what they made themselves.
    case admin
    /// Sees the whole workspace; the conversations are theirs to answer.
    case `operator`
    /// Sees the whole workspace and changes nothing.
    case reader
    /// A function at its own work, for the whole workspace.
    case service
}
