package import Database

/// What somebody may do in a workspace; row-level security holds them to it.
package enum Role: String, CaseIterable, Sendable {
    /// Sees and configures the whole workspace.
    case superAdmin = "super_admin"
    /// Sees and changes what they made themselves.
    case admin
    /// Sees the whole workspace and changes nothing.
    case `operator`
    /// A function at its own work, for the whole workspace.
    case service
}

extension Identity {
    /// A function at its own work in a workspace.
    package static func service(_ workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: nil, role: Role.service.rawValue)
    }

    package static func member(_ user: UUID, _ role: Role, of workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: user, role: role.rawValue)
    }
}
