package import FunctionContract

/// The workspace, user, role and caller for which a transaction runs. Row-level security reads them
/// from `relais.workspace_id`, `relais.user_id`, `relais.role` and `relais.caller`, which are set
/// for one transaction.
package struct Identity: Sendable, Equatable {
    package let workspace: UUID
    package let user: UUID?
    package let role: Role
    /// The member or API key that sent the request; nil for a function at its own work.
    package let caller: String?

    /// The caller is the user, unless another is named.
    package init(workspace: UUID, user: UUID?, role: Role, caller: String? = nil) {
        self.workspace = workspace
        self.user = user
        self.role = role
        self.caller = caller ?? user?.description
    }

    /// The identity of a function that works in a workspace without a user.
    package static func service(_ workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: nil, role: .service)
    }

    package static func member(_ user: UUID, _ role: Role, of workspace: UUID) -> Identity {
        Identity(workspace: workspace, user: user, role: role)
    }
}
