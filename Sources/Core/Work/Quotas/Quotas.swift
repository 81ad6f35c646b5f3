package import Database
package import FunctionContract

/// Monthly allowances of workspaces. Each renews on the workspace's own day, in its own time zone.
///
/// Nothing waits for the renewal: the first take of a new period opens it. `renew` only moves
/// finished periods into the history.
package struct Quotas {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Takes up to `count` of what the workspace has left this month, or all of `count` without a
    /// quota.
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

    /// Takes in the caller's transaction.
    package static func take(
        _ count: Int,
        for workspace: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) -> MonthlyUsage? {
        try transaction.query(QuotaSQL.take(count, workspace)).first.map(MonthlyUsage.init)
    }

    /// Returns the unused part of a take. A finished period does not change.
    package func giveBack(
        _ count: Int,
        of usage: MonthlyUsage,
        for workspace: UUID
    ) throws(DatabaseError) {
        try connection.platform(QuotaSQL.giveBack(count, usage.startsOn, workspace))
    }

    /// Returns the unused part of a take, in the transaction that took it.
    package static func giveBack(
        _ count: Int,
        of usage: MonthlyUsage,
        for workspace: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) {
        try transaction.query(QuotaSQL.giveBack(count, usage.startsOn, workspace))
    }

    /// Moves finished periods into the history. It is safe to run twice, concurrently or days late.
    /// A workspace that fails does not stop the others.
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

    /// More than the number of workspaces whose month may end within days.
    private static let batchLimit = 10_000
}

/// The usage of a workspace in its current month.
package struct MonthlyUsage: Sendable, Equatable {
    package let granted: Int
    /// The first day of the period, as `2026-11-01`.
    package let startsOn: String
    /// The usage that counts against the quota, carried usage included.
    package let used: Int
    /// Nil means no limit.
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
