package import Database
package import FunctionContract
package import Messages
internal import Providers
internal import Work

/// Starts and completes campaigns and settles messages as time passes, in all workspaces. Runs may
/// repeat or overlap without harm.
///
/// Each due campaign is a task in the queue, and so is each workspace that has messages to settle.
/// A task that fails or takes long does not delay the others.
package struct CampaignClock {
    /// The queue of the campaigns that are due to start or to complete.
    package static let queue = "campaigns"
    /// The queue of the workspaces that have messages to settle.
    package static let settlingQueue = "settle"

    /// The kind of a campaign task.
    enum Step: String {
        case start, complete
    }

    /// The result of a run.
    package struct Report: Sendable, Equatable {
        package var started: [UUID] = []
        package var completed: [UUID] = []
        package var settlement = SettledMessages()
        /// The failures, as text for operators.
        package var problems: [String] = []
        /// The time ran out before all work was done.
        package var hasMore = false
    }

    /// The limit of campaigns that one query finds; the next query finds the others.
    package static let lookLimit: Int32 = 1_000
    /// Freezing the largest audience takes minutes on a small server.
    private static let startSlice: Duration = .seconds(540)
    /// The limit of campaigns of one workspace in hand at once. It is half of the instances of
    /// `campaign-control`, so that the others start the campaigns of other workspaces.
    package static let tenantLimit = 2
    private static let settleSlice: Duration = .seconds(20)
    /// Attempts to start a campaign while the database fails, over some minutes.
    static let startLimit = 5
    /// Attempts of a task. Retries are up to an hour apart and last for weeks, until a person
    /// notices.
    private static let attemptLimit = 1_000

    private let connection: Connection
    private let name: String?

    /// `name` identifies this process to operators.
    package init(_ connection: Connection, name: String? = nil) {
        self.connection = connection
        self.name = name
    }

    /// Starts the campaigns that are due and completes those that are done.
    package func control(
        until end: ContinuousClock.Instant
    ) throws(DatabaseError) -> Report {
        try lookForStarts()
        try lookForEnds()
        var report = Report()
        var worker = Worker(
            connection,
            queue: Self.queue,
            name: name,
            slice: Self.startSlice,
            tenantLimit: Self.tenantLimit,
            backOff: BackOff(first: .seconds(30))
        )
        let work = try worker.drain(until: end) { (task, _) in
            guard let step = Step(rawValue: task.kind), let id = task.campaign,
                let workspace = task.workspace
            else { return .refused(error: "this version does not know the task") }
            let campaigns = Campaigns(connection, as: Self.identity(workspace))
            switch step {
            case .start: return try start(id, task, campaigns, &report)
            case .complete: return try complete(id, campaigns, &report)
            }
        }
        report.add(work)
        return report
    }

    /// Settles messages that dead senders left behind, and messages that were unknown for too long.
    package func settle(until end: ContinuousClock.Instant) throws(DatabaseError) -> Report {
        let due = Statement("SELECT workspace FROM relais.workspaces_to_settle()")
        try enqueue(
            connection.platform(due)[0].map { (row) throws(DatabaseError) in
                let workspace: UUID = try row.get("workspace")
                var task = NewTask(queue: Self.settlingQueue, kind: "settle", workspace: workspace)
                task.dedupeKey = workspace.description
                task.maxAttempts = Self.attemptLimit
                return task
            }
        )
        var report = Report()
        var worker = Worker(
            connection,
            queue: Self.settlingQueue,
            name: name,
            slice: Self.settleSlice
        )
        let work = try worker.drain(until: end) { (task, _) in
            guard let workspace = task.workspace else {
                return .refused(error: "the task names no workspace")
            }
            let options = TransactionOptions(identity: Self.identity(workspace))
            let settled = try connection.transaction(options) {
                (transaction) throws(DatabaseError) in
                try SettledMessages.run(now: .now, in: transaction)
            }
            report.settlement.add(settled)
            return settled.hasMore ? .again(after: .zero) : .done
        }
        report.add(work)
        return report
    }

    static func identity(_ workspace: UUID) -> Identity {
        .service(workspace)
    }
}

// MARK: - Tasks

extension CampaignClock {
    /// A task of a campaign. There is at most one for each step and each scheduled start time.
    static func task(
        _ step: Step,
        of campaign: UUID,
        in workspace: UUID,
        at instant: Timestamp? = nil
    ) -> NewTask {
        let hour = instant.map { Int($0.microseconds) }
        let payload: JSON = [
            "campaign": .string(campaign.description),
            "hour": hour.map { JSON.integer($0) } ?? .null,
        ]
        var task = NewTask(
            queue: queue,
            kind: step.rawValue,
            payload: payload.text,
            workspace: workspace
        )
        task.dedupeKey = "\(step.rawValue) \(campaign)" + (hour.map { " \($0)" } ?? "")
        task.maxAttempts = attemptLimit
        task.runAt = instant
        return task
    }

    private func lookForStarts() throws(DatabaseError) {
        let due = Statement(
            "SELECT campaign, workspace, scheduled_at FROM relais.campaigns_to_start($1)",
            .int32(Self.lookLimit)
        )
        try enqueue(
            connection.platform(due)[0].map { (row) throws(DatabaseError) in
                Self.task(
                    .start,
                    of: try row.get("campaign"),
                    in: try row.get("workspace"),
                    at: try row.get("scheduled_at")
                )
            }
        )
    }

    private func lookForEnds() throws(DatabaseError) {
        let due = Statement(
            "SELECT campaign, workspace FROM relais.campaigns_to_complete($1)",
            .int32(Self.lookLimit)
        )
        try enqueue(
            connection.platform(due)[0].map { (row) throws(DatabaseError) in
                Self.task(.complete, of: try row.get("campaign"), in: try row.get("workspace"))
            }
        )
    }

    private func enqueue(_ tasks: [NewTask]) throws(DatabaseError) {
        if tasks.isEmpty { return }
        try Tasks(connection).enqueue(tasks)
    }
}

extension CampaignClock.Report {
    fileprivate mutating func add(_ work: Worker.Report) {
        problems += work.problems
        hasMore = work.hasMore
    }
}

extension ClaimedTask {
    fileprivate var campaign: UUID? { content?["campaign"]?.string.flatMap { UUID($0) } }

    /// The campaign's start time when this task was created.
    fileprivate var hour: Timestamp? {
        content?["hour"]?.integer.map { Timestamp(microseconds: Int64($0)) }
    }

    private var content: JSON? { try? JSONParser.parse(Array(payload.utf8)) }
}

// MARK: - Campaigns

extension CampaignClock {
    /// An error in the campaign fails it at once. A database error is retried; the campaign shows
    /// it meanwhile, and fails after the last attempt.
    private func start(
        _ id: UUID,
        _ task: ClaimedTask,
        _ campaigns: Campaigns,
        _ report: inout Report
    ) throws -> Outcome {
        // A campaign that was rescheduled has another task for its new time.
        guard try campaigns.find(id)?.scheduledAt == task.hour else { return .done }
        guard task.attempt <= Self.startLimit else {
            try campaigns.fail(id, because: .notStarted(task.lastError ?? "its process ended"))
            return .done
        }
        do throws(CampaignError) {
            try campaigns.start(id)
            report.started.append(id)
        } catch {
            switch error {
            case .notAllowed, .missing: break
            case .database where task.attempt < Self.startLimit:
                try? campaigns.note(.notYetStarted(error.description), on: id)
                throw error
            default:
                try campaigns.fail(id, because: .notStarted(error.description))
                report.problems.append("campaign \(id) has failed: \(error)")
            }
        }
        return .done
    }

    private func complete(
        _ id: UUID,
        _ campaigns: Campaigns,
        _ report: inout Report
    ) throws(CampaignError) -> Outcome {
        switch try campaigns.complete(id) {
        case .ended:
            report.completed.append(id)
            return .done
        case .waits(let pause): return .again(after: pause)
        case .sends: return .done
        }
    }
}

extension Reason {
    fileprivate static func notStarted(_ detail: String) -> Reason {
        Reason(
            code: "not_started",
            detail: detail,
            french: "La campagne n'a pas pu démarrer. Corrigez-la d'après le détail, puis "
                + "relancez-la.",
            english: "The campaign could not be started. Correct it as the detail says, then "
                + "relaunch it."
        )
    }

    fileprivate static func notYetStarted(_ detail: String) -> Reason {
        Reason(
            code: "not_yet_started",
            detail: detail,
            french: "La campagne n'a pas encore pu démarrer : la base de données n'a pas répondu. "
                + "Un nouvel essai suit dans quelques minutes ; vous n'avez rien à faire.",
            english: "The campaign could not start yet: the database did not answer. It is tried "
                + "again within minutes; there is nothing for you to do."
        )
    }
}
