package import Database
internal import FunctionContract

extension Connection {
    /// Runs the statements for the platform itself, across workspaces, in one round trip. They take
    /// effect together or not at all; the scope ends with them.
    @discardableResult
    package func platform(_ statements: Statement...) throws(DatabaseError) -> [Rows] {
        Array(try pipeline([PlatformScope.statement] + statements).dropFirst())
    }
}

/// What lets row-level security see the platform's tables as a whole.
package enum PlatformScope {
    /// Stands for the platform where a key needs a workspace.
    static let owner = UUID(high: 0, low: 0)

    /// To be the first statement of a transaction that works for the platform. It also tells the
    /// server's time, as `now`.
    package static let statement = Statement(
        "SELECT set_config('relais.scope', 'platform', true), statement_timestamp() AS now"
    )
}

extension Duration {
    var seconds: Double { self / .seconds(1) }
    var microseconds: Int { Int(self / .microseconds(1)) }
}
