package import FunctionContract

/// On whose behalf a transaction runs. Row-level security reads it from settings that end with the
/// transaction: `relais.workspace_id`, `relais.user_id` and `relais.role`.
package struct Identity: Sendable, Equatable {
    package let workspace: UUID
    package let user: UUID?
    package let role: Role

    package init(workspace: UUID, user: UUID?, role: Role) {
        self.workspace = workspace
        self.user = user
        self.role = role
    }

    /// A function at its own work in a workspace.
    package static func service(_ workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: nil, role: .service)
    }

    package static func member(_ user: UUID, _ role: Role, of workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: user, role: role)
    }
}
