package import Database
internal import FunctionContract

extension Connection {
    /// Runs the statements across workspaces, in one round trip and one transaction. The platform
    /// scope ends with that transaction.
    @discardableResult
    package func platform(_ statements: Statement...) throws(DatabaseError) -> [Rows] {
        Array(try pipeline([PlatformScope.statement] + statements).dropFirst())
    }
}

/// The database scope in which row-level security shows the rows of all workspaces.
package enum PlatformScope {
    /// Stands for the platform in keys that need a workspace.
    static let owner = UUID(high: 0, low: 0)

    /// Must be the first statement of a transaction across workspaces. It also returns the server's
    /// time as `now`.
    package static let statement = Statement(
        "SELECT set_config('relais.scope', 'platform', true), statement_timestamp() AS now"
    )
}

extension Duration {
    var seconds: Double { self / .seconds(1) }
    var microseconds: Int { Int(self / .microseconds(1)) }
}
