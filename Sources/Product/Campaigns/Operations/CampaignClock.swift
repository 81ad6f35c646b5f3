package import Database
package import FunctionContract
package import Messages
private import Work

/// What time does to campaigns, in all workspaces. Doing it twice, or at once, comes to the same.
package struct CampaignClock {
    /// What was started, and in words what could not be.
    package struct Started: Sendable, Equatable {
        package var campaigns: [UUID] = []
        package var failures: [String] = []
    }

    /// Campaigns that one run starts; the next run starts the others.
    package static let startLimit = 100

    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Starts the campaigns whose hour has come. One that cannot start has failed, with the reason.
    package func startDue() throws(CampaignError) -> Started {
        var started = Started()
        let due = try platform(
            Statement(
                "SELECT campaign, workspace FROM relais.campaigns_to_start($1)",
                .int32(Int32(Self.startLimit))
            )
        )
        for row in due {
            let (id, workspace) = try CampaignError.wrap { () throws(DatabaseError) in
                (try row.get("campaign", as: UUID.self), try row.get("workspace", as: UUID.self))
            }
            let campaigns = Campaigns(connection, as: Self.identity(workspace))
            do throws(CampaignError) {
                try campaigns.start(id)
                started.campaigns.append(id)
            } catch {
                if case .database = error { throw error }
                // Somebody else was faster.
                if case .notAllowed = error { continue }
                try campaigns.fail(id, because: .notStarted(error))
                started.failures.append("campaign \(id): \(error)")
            }
        }
        return started
    }

    /// Settles what senders that are gone left behind, and what nobody heard of for too long.
    package func settle() throws(CampaignError) -> SettledMessages {
        var total = SettledMessages()
        for workspace in try workspaces("relais.workspaces_to_settle") {
            let settled = try CampaignError.wrap { () throws(DatabaseError) in
                let options = TransactionOptions(identity: Self.identity(workspace))
                return try connection.transaction(options) { (transaction) throws(DatabaseError) in
                    try SettledMessages.run(now: .now, in: transaction)
                }
            }
            total.unknown += settled.unknown
            total.parked += settled.parked
            total.resent += settled.resent
        }
        return total
    }

    /// Completes the campaigns that have nothing left to do.
    package func complete() throws(CampaignError) -> [UUID] {
        var completed: [UUID] = []
        for workspace in try workspaces("relais.workspaces_with_campaigns") {
            let campaigns = Campaigns(connection, as: Self.identity(workspace))
            completed += try campaigns.completeFinished()
        }
        return completed
    }

    private static func identity(_ workspace: UUID) -> Identity {
        .service(workspace)
    }

    private func workspaces(_ function: String) throws(CampaignError) -> [UUID] {
        let rows = try platform(Statement("SELECT workspace FROM \(function)()"))
        return try CampaignError.wrap { () throws(DatabaseError) in
            try rows.map { (row) throws(DatabaseError) in try row.get("workspace") }
        }
    }

    private func platform(_ statement: Statement) throws(CampaignError) -> Rows {
        try CampaignError.wrap { () throws(DatabaseError) in
            try connection.pipeline([PlatformScope.statement, statement])[1]
        }
    }
}

extension Reason {
    fileprivate static func notStarted(_ error: CampaignError) -> Reason {
        Reason(
            code: "not_started",
            detail: error.description,
            french: "La campagne n'a pas pu démarrer. Corrigez-la d'après le détail, puis "
                + "relancez-la.",
            english: "The campaign could not be started. Correct it as the detail says, then "
                + "relaunch it."
        )
    }
}
