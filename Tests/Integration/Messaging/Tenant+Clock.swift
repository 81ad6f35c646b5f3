import Campaigns
import Database
import FunctionContract
import Messages

/// What time does to the campaigns of a tenant.
extension Tenant {
    /// Whatever was planned for later is due now.
    func comeDue() throws {
        _ = try read("UPDATE relais.campaign SET scheduled_at = now() WHERE status = 'scheduled'")
        _ = try read("UPDATE relais.task SET run_at = now() - interval '1 second'")
    }

    /// Starts and completes what is due in all workspaces: for a database of the test's own.
    @discardableResult
    func control() throws -> CampaignClock.Report {
        try CampaignClock(connection).control(until: .now + .seconds(6_000))
    }

    /// Settles what is due in the tenant's workspace.
    @discardableResult
    func settle() throws -> SettledMessages {
        try transaction { (transaction) throws(DatabaseError) in
            try SettledMessages.run(now: .now, in: transaction)
        }
    }
}

extension Campaigns {
    /// Ends every campaign that has nothing left to do.
    @discardableResult
    func completeFinished() throws -> [UUID] {
        try page().filter { $0.status == .running }.map(\.id).filter {
            try complete($0) == .ended
        }
    }
}
