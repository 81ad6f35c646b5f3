package import Database

/// Drains a queue: claims due tasks, runs them, records their outcomes and claims again. It stops
/// when nothing is due or the time is over.
///
/// A failing task does not affect other tasks. Its error is stored with it, and it is retried after
/// a growing pause. An attempt that kills the process counts too. While that lease lasts, the next
/// process starts with other tasks. Workspaces take turns.
///
/// A task runs at least once: a process that dies between the work and the record leaves the task
/// to run again. Work that must happen once belongs in one transaction with `Tasks.finish(_:in:)`.
/// Otherwise the task must recognise its own earlier effects.
package struct Worker {
    /// The results of one drain.
    package struct Report: Sendable, Equatable {
        /// Tasks that succeeded, including those that are due again later.
        package var done = 0
        /// Tasks that went back to the queue for another attempt.
        package var retried = 0
        package var dead = 0
        /// The errors of failed tasks, as text.
        package var problems: [String] = []
        /// The time ended before the queue was empty.
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

    /// `name` is the process name for operators. Each task gets `slice` of time. No task starts
    /// with less time left, except the first of a drain. The default lease is longer than the
    /// slice. With a shorter lease, the work must extend it itself. `tenantLimit` is how many tasks
    /// of the queue one tenant may have in hand, over all workers.
    package init(
        _ connection: Connection,
        queue: String,
        name: String? = nil,
        slice: Duration,
        lease: Duration? = nil,
        tenantLimit: Int? = nil,
        backOff: BackOff = BackOff()
    ) {
        self.connection = connection
        tasks = Tasks(connection, worker: name, tenantLimit: tenantLimit)
        self.queue = queue
        self.slice = slice
        self.lease = lease ?? slice + Self.reserve * 2
        self.backOff = backOff
    }

    /// Runs one task at a time. An error thrown by `body` fails only its own task.
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

    /// Runs up to `limit` tasks at once, for work that mostly waits. `body` returns one outcome per
    /// task, in the same order.
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
                // The line may have passed tasks that were committed late or left by a dead
                // process.
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

    /// Time kept to record the outcome of the last task.
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
    /// A failed attempt. The pause before the next one grows with the attempts.
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
