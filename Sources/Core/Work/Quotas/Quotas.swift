package import Database
package import FunctionContract

/// Monthly allowances of workspaces, renewed on each one's own day, by its own calendar.
///
/// Nobody waits for the renewal: whoever takes on the first day of a new period opens it. Renewing
/// only moves the periods that are over into history.
package struct Quotas {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Takes up to `count` of what the workspace has left this month; all of it without a limit.
    package func take(
        _ count: Int,
        for workspace: UUID
    ) throws(DatabaseError) -> MonthlyUsage {
        let rows = try connection.platform(QuotaSQL.take(count, workspace))[0]
        guard let row = rows.first else {
            throw DatabaseError(.decoding, "there is no workspace \(workspace)")
        }
        return try MonthlyUsage(row)
    }

    /// Takes together with what else the transaction does.
    package static func take(
        _ count: Int,
        for workspace: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) -> MonthlyUsage? {
        try transaction.query(QuotaSQL.take(count, workspace)).first.map {
            (row) throws(DatabaseError) in try MonthlyUsage(row)
        }
    }

    /// Returns what was taken and not used. A period that is over stays as it is.
    package func giveBack(
        _ count: Int,
        of usage: MonthlyUsage,
        for workspace: UUID
    ) throws(DatabaseError) {
        try connection.platform(QuotaSQL.giveBack(count, usage.startsOn, workspace))
    }

    /// Returns, in the transaction that took it, what turned out not to be needed.
    package static func giveBack(
        _ count: Int,
        of usage: MonthlyUsage,
        for workspace: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) {
        try transaction.query(QuotaSQL.giveBack(count, usage.startsOn, workspace))
    }

    /// Moves every period that is over into history. Doing it twice, at once or days late gives the
    /// same. A workspace whose month cannot be closed keeps no other open.
    @discardableResult
    package func renew() throws(DatabaseError) -> Sweep {
        var sweep = Sweep()
        do throws(DatabaseError) {
            sweep.count = try connection.platform(QuotaSQL.renew(limit: Self.batchLimit))[0]
                .affected
            return sweep
        } catch {
            if error.code.concernsEveryItem { throw error }
        }
        for row in try connection.platform(QuotaSQL.candidates(limit: Self.batchLimit))[0] {
            let workspace: UUID = try row.get("workspace")
            let name = "the month \(try row.get("name", as: String.self)) of workspace \(workspace)"
            try sweep.attempt(name) { (sweep) throws(DatabaseError) in
                sweep.count += try connection.platform(QuotaSQL.renew(workspace))[0].affected
            }
        }
        return sweep
    }

    /// More than there are workspaces whose months may end within days.
    private static let batchLimit = 10_000
}

/// How a workspace's month stands.
package struct MonthlyUsage: Sendable, Equatable {
    package let granted: Int
    /// The first day of the period, as `2026-11-01`.
    package let startsOn: String
    /// What counts against the quota.
    package let used: Int
    /// Nil is without limit.
    package let quota: Int?
}

extension MonthlyUsage {
    init(_ row: Row) throws(DatabaseError) {
        granted = try row.get("granted")
        startsOn = try row.get("starts_on")
        used = try row.get("used")
        quota = try row.get("quota")
    }
}
