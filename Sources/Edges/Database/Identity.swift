/// On whose behalf a transaction runs. Row-level security reads it from settings that end with the
/// transaction: `relais.workspace_id`, `relais.user_id` and `relais.role`.
package struct Identity: Sendable, Equatable {
    package let workspace: UUID
    package let user: UUID?
    package let role: String

    package init(workspace: UUID, user: UUID?, role: String) {
        self.workspace = workspace
        self.user = user
        self.role = role
    }
}
