package import FunctionContract

/// The workspace, user and role for which a transaction runs. Row-level security reads them from
/// `relais.workspace_id`, `relais.user_id` and `relais.role`, which are set for one transaction.
package struct Identity: Sendable, Equatable {
    package let workspace: UUID
    package let user: UUID?
    package let role: Role

    package init(workspace: UUID, user: UUID?, role: Role) {
        self.workspace = workspace
        self.user = user
        self.role = role
    }

    /// The identity of a function that works in a workspace without a user.
    package static func service(_ workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: nil, role: .service)
    }

    package static func member(_ user: UUID, _ role: Role, of workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: user, role: role)
    }
}
