internal import FunctionContract

/// How a transaction runs.
package struct TransactionOptions {
    package enum Isolation: String, Sendable {
        case readCommitted = "READ COMMITTED"
        case repeatableRead = "REPEATABLE READ"
        case serializable = "SERIALIZABLE"
    }

    package var identity: Identity?
    package var isolation = Isolation.readCommitted
    /// Nothing is written, so a COMMIT without an answer is an ordinary error, not `commitUnknown`.
    package var isReadOnly = false
    package var retry: Retry

    package init(
        identity: Identity? = nil,
        isolation: Isolation = .readCommitted,
        isReadOnly: Bool = false,
        retry: Retry = .standard
    ) {
        self.identity = identity
        self.isolation = isolation
        self.isReadOnly = isReadOnly
        self.retry = retry
    }

    /// The statements that open the transaction: BEGIN and, if there are settings, one SELECT.
    func opening(timeout: Duration?) -> [Statement] {
        var begin = "BEGIN"
        if isolation != .readCommitted { begin += " ISOLATION LEVEL \(isolation.rawValue)" }
        if isReadOnly { begin += " READ ONLY" }
        return [Statement(begin)] + settings(timeout: timeout)
    }

    private func settings(timeout: Duration?) -> [Statement] {
        var values: [(name: String, value: String)] = []
        if let identity {
            values.append(("relais.workspace_id", identity.workspace.description))
            values.append(("relais.user_id", identity.user?.description ?? ""))
            values.append(("relais.role", identity.role.rawValue))
            if let caller = identity.caller { values.append(("relais.caller", caller)) }
        }
        if let timeout {
            values.append(("statement_timeout", "\(Self.serverShare(of: timeout))ms"))
        }
        guard !values.isEmpty else { return [] }
        let calls = values.indices.map { "set_config('\(values[$0].name)', $\($0 + 1), true)" }
        return [
            Statement(
                "SELECT " + calls.joined(separator: ", "),
                values.map { Parameter.text($0.value) }
            )
        ]
    }

    /// The server's timeout is a little shorter than ours. Its error then arrives in time, and the
    /// connection stays usable.
    private static func serverShare(of timeout: Duration) -> Int64 {
        let (seconds, attoseconds) = timeout.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return max(1, milliseconds - min(milliseconds / 10, 100))
    }
}
