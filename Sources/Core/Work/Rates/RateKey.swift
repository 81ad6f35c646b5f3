package import FunctionContract

/// The name of a bucket within its workspace: two workspaces may use the same name.
package struct RateKey: Sendable, Hashable {
    package let name: String
    let owner: UUID

    package init(_ name: String, of workspace: UUID) {
        self.name = name
        owner = workspace
    }

    /// A bucket of the platform itself, which belongs to no workspace.
    package init(platform name: String) {
        self.name = name
        owner = PlatformScope.owner
    }
}
