internal import Database
internal import FunctionContract

/// Outcomes, grouped by the statement that records them.
struct Finish {
    private let leases: [ClaimedTask.Lease]
    private var done: [ClaimedTask.Lease] = []
    private var waits: [TaskSQL.Wait] = []
    private var failed: [TaskSQL.Failure] = []
    private var refused: [TaskSQL.Failure] = []

    init(_ outcomes: [TaskOutcome]) {
        leases = outcomes.map(\.lease)
        for item in outcomes {
            switch item.outcome {
            case .done:
                done.append(item.lease)
            case .again(let pause):
                waits.append(TaskSQL.Wait(lease: item.lease, pause: pause))
            case .retry(let pause, let error):
                failed.append(TaskSQL.Failure(lease: item.lease, error: error, pause: pause))
            case .refused(let error):
                refused.append(TaskSQL.Failure(lease: item.lease, error: error))
            }
        }
    }

    /// The statements that record all outcomes. Send them together.
    var statements: [Statement] { steps.map(\.statement) }

    /// The changes that the statements made. If some tasks were lost or replaced meanwhile, one
    /// more statement tells these two cases apart.
    func settlement(
        _ results: some Sequence<Rows>,
        runningAgain run: (Statement) throws(DatabaseError) -> Rows
    ) throws(DatabaseError) -> Settlement {
        var settlement = Settlement()
        var missing = Set(leases)
        for (step, rows) in zip(steps, results) {
            settlement[keyPath: step.count] += rows.count
            let ids = try rows.ids()
            missing = missing.filter { !ids.contains($0.id) }
        }
        if missing.isEmpty { return settlement }
        let again = try run(TaskSQL.runAgain(Array(missing))).ids()
        settlement.retried += again.count
        settlement.stale = leases.filter { missing.contains($0) && !again.contains($0.id) }
            .map(\.id)
        return settlement
    }

    private struct Step {
        let statement: Statement
        let count: WritableKeyPath<Settlement, Int>
    }

    private var steps: [Step] {
        var steps: [Step] = []
        if !done.isEmpty { steps.append(Step(statement: TaskSQL.done(done), count: \.done)) }
        if !waits.isEmpty { steps.append(Step(statement: TaskSQL.wait(waits), count: \.done)) }
        if !failed.isEmpty {
            steps.append(Step(statement: TaskSQL.retry(failed), count: \.retried))
            steps.append(Step(statement: TaskSQL.bury(failed, .exhausted), count: \.dead))
        }
        if !refused.isEmpty {
            steps.append(Step(statement: TaskSQL.bury(refused, .refused), count: \.dead))
        }
        return steps
    }
}

extension Rows {
    /// The column `id` of every row.
    func ids() throws(DatabaseError) -> Set<UUID> {
        var ids = Set<UUID>(minimumCapacity: count)
        for row in self { ids.insert(try row.get("id")) }
        return ids
    }
}
