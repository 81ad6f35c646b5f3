import Database
import FunctionContract
import Testing
import Work

extension NewTask {
    static func some(_ count: Int, in queue: String, workspace: UUID? = nil) -> [NewTask] {
        (0..<count).map { _ in NewTask(queue: queue, kind: "noop", workspace: workspace) }
    }
}

extension Tasks {
    /// A claim by somebody who comes for the first time.
    func claimAfresh(
        _ queue: String,
        limit: Int = 100,
        lease: Duration = .seconds(60)
    ) throws(DatabaseError) -> [ClaimedTask] {
        var front = ClaimFront()
        return try claim(queue, limit: limit, lease: lease, front: &front).tasks
    }

    /// Claims and finishes until nothing is due; returns the ids in order.
    func drain(_ queue: String, batch: Int) throws(DatabaseError) -> [UUID] {
        var front = ClaimFront()
        var ids: [UUID] = []
        var outcomes: [TaskOutcome] = []
        repeat {
            let (settlement, claim) = try finish(
                outcomes,
                thenClaim: queue,
                limit: batch,
                lease: .seconds(60),
                front: &front
            )
            #expect(settlement.done == outcomes.count)
            ids += claim.tasks.map(\.id)
            outcomes = claim.tasks.map { TaskOutcome($0.lease, .done) }
        } while !outcomes.isEmpty
        return ids
    }
}
