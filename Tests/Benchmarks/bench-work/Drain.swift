import Database
import Work

/// Does what a queue's function does, with tasks that ask for nothing: finishes one batch and claims
/// the next until none is left.
struct Drain {
    private static let lease = Duration.seconds(60)

    let queue: String
    let batch: Int

    func run(on connection: Connection) throws(DatabaseError) -> Stint {
        try connection.open()
        let tasks = Tasks(connection)
        var front = ClaimFront()
        var stint = Stint()
        stint.started = seconds()
        var claim = try tasks.claim(queue, limit: batch, lease: Self.lease, front: &front)
        while !claim.tasks.isEmpty {
            let done = claim.tasks.map { TaskOutcome($0.lease, .done) }
            let next = try tasks.finish(
                done,
                thenClaim: queue,
                limit: batch,
                lease: Self.lease,
                front: &front
            )
            stint.count += next.settlement.done
            stint.ended = seconds()
            claim = next.claim
        }
        return stint
    }
}
