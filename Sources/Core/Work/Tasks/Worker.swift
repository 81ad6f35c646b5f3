package import Database

/// Drains a queue: claims what is due, has it done, records how it ended and claims the next, until
/// nothing is due or the time is over.
///
/// A task that fails spoils nothing beside it: its error is recorded on it, and it is tried again
/// after a pause that grows. A task that ends the process counts as an attempt as well, and the
/// next process begins with others while its lease lasts. Workspaces take turns.
///
/// A task is done at least once: a process that dies after the work and before the record leaves
/// the task to be done again. What must happen once belongs into one transaction with
/// `Tasks.finish(_:in:)`, or is recognised by what it left behind.
package struct Worker {
    /// What a drain did.
    package struct Report: Sendable, Equatable {
        /// Done, for good or until they are due again.
        package var done = 0
        /// To be tried again.
        package var retried = 0
        package var dead = 0
        /// In words, why tasks failed.
        package var problems: [String] = []
        /// The time was over before the queue was empty.
        package var hasMore = false

        package var processed: Int { done + retried + dead }
    }

    private let connection: Connection
    private let tasks: Tasks
    private let queue: String
    private let lease: Duration
    private let slice: Duration
    private let backOff: BackOff
    private let clock = ContinuousClock()
    var front = ClaimFront()

    /// `name` is this process, for operators to read. A task gets `slice` of time, and no task is
    /// begun for which that is not left; only the first of a drain may have to do with less. Its
    /// lease outlives the slice, unless a shorter one is given that the work keeps alive itself.
    package init(
        _ connection: Connection,
        queue: String,
        name: String? = nil,
        slice: Duration,
        lease: Duration? = nil,
        backOff: BackOff = BackOff()
    ) {
        self.connection = connection
        tasks = Tasks(connection, worker: name)
        self.queue = queue
        self.slice = slice
        self.lease = lease ?? slice + Self.reserve * 2
        self.backOff = backOff
    }

    /// One task at a time. Whatever `body` throws is a failure of its task alone.
    package mutating func drain(
        until end: ContinuousClock.Instant,
        _ body: (ClaimedTask, TaskHold) throws -> Outcome
    ) throws(DatabaseError) -> Report {
        let backOff = backOff
        return try drain(upTo: 1, until: end) { (claimed, hold) in
            claimed.map { task in
                do {
                    return try body(task, hold)
                } catch {
                    return .failure(of: task, error, backOff)
                }
            }
        }
    }

    /// Up to `limit` tasks at once, for work that waits for others most of the time. `body` returns
    /// an outcome for each, in their order.
    package mutating func drain(
        upTo limit: Int,
        until end: ContinuousClock.Instant,
        _ body: ([ClaimedTask], TaskHold) -> [Outcome]
    ) throws(DatabaseError) -> Report {
        let deadline = connection.deadline
        defer { connection.deadline = deadline }
        let lastEnd = end - Self.reserve
        let slice = min(slice, lastEnd - clock.now)
        var report = Report()
        report.hasMore = slice <= .zero
        var outcomes: [TaskOutcome] = []
        var isFirst = true
        while !report.hasMore {
            connection.deadline = end
            guard isFirst || clock.now + slice <= lastEnd else {
                report.add(try tasks.finish(outcomes))
                report.hasMore = true
                break
            }
            let (settlement, claim) = try tasks.finish(
                outcomes,
                thenClaim: queue,
                limit: limit,
                lease: lease,
                front: &front
            )
            report.add(settlement)
            report.dead += claim.buried
            outcomes = []
            if claim.tasks.isEmpty {
                // The line may have passed what was committed late or left by the dead.
                if !claim.isFull, claim.isByTurns { break }
                if !claim.isFull { front.lookNext() }
                continue
            }
            outcomes = perform(claim.tasks, within: slice, &report, body)
            isFirst = false
        }
        return report
    }

    private func perform(
        _ claimed: [ClaimedTask],
        within slice: Duration,
        _ report: inout Report,
        _ body: ([ClaimedTask], TaskHold) -> [Outcome]
    ) -> [TaskOutcome] {
        let end = clock.now + slice
        connection.deadline = end
        let hold = TaskHold(claimed.map(\.lease), tasks, for: lease, until: end)
        let outcomes = body(claimed, hold)
        precondition(outcomes.count == claimed.count, "every task has an outcome")
        for (task, outcome) in zip(claimed, outcomes) {
            if let error = outcome.error { report.problems.append("\(task.words): \(error)") }
        }
        return zip(claimed, outcomes).map { TaskOutcome($0.lease, $1) }
    }

    /// To record how the last task ended.
    private static let reserve = Duration.seconds(2)
}

extension Worker.Report {
    fileprivate mutating func add(_ settlement: Settlement) {
        done += settlement.done
        retried += settlement.retried
        dead += settlement.dead
    }
}

extension Outcome {
    /// An attempt that failed: the next one comes after a pause that grows with the attempts.
    package static func failure(
        of task: ClaimedTask,
        _ error: any Error,
        _ backOff: BackOff = BackOff()
    ) -> Outcome {
        let pause = backOff.pause(after: task.attempt, random: Double.random(in: 0...1))
        return .retry(after: pause, error: String(describing: error))
    }

    fileprivate var error: String? {
        switch self {
        case .done, .again: nil
        case .retry(_, let error), .refused(let error): error
        }
    }
}

extension ClaimedTask {
    /// For a log: `task start 0190… of workspace 0190…, attempt 2 of 10`.
    fileprivate var words: String {
        let owner = workspace.map { " of workspace \($0)" } ?? ""
        return "task \(kind) \(id)\(owner), attempt \(attempt) of \(maxAttempts)"
    }
}
