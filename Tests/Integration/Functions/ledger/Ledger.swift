import Database
import FunctionContract
import FunctionRuntime
import Work

/// Does the tasks of its queue as every function of the product does: claims a batch, and keeps what
/// it did only together with the finish.
@main struct Ledger {
    static func main() {
        serve(starting: { try Book(Connection(environment: $0.variables)) }, queue: work)
    }
}

private struct Book {
    let connection: Connection
    var front = ClaimFront()

    init(_ connection: Connection) { self.connection = connection }
}

private func work(
    _ event: QueueEvent,
    _ context: Context,
    _ book: inout Book
) throws -> BatchReply {
    book.connection.deadline = .now + context.remaining
    var processed = 0
    // Short calls, so that many are under way when something is killed.
    while processed < 100 {
        let claim = try Tasks(book.connection).claim(
            event.queue,
            limit: 10,
            lease: .seconds(2),
            front: &book.front
        )
        if claim.tasks.isEmpty { return BatchReply(processed: processed) }
        try finish(claim.tasks, on: book.connection)
        processed += claim.tasks.count
    }
    return BatchReply(processed: processed, remaining: 1)
}

private func finish(_ tasks: [ClaimedTask], on connection: Connection) throws(DatabaseError) {
    try connection.transaction { (transaction) throws(DatabaseError) in
        try transaction.query(PlatformScope.statement)
        try transaction.query(
            "INSERT INTO effect (task) SELECT unnest($1)",
            .uuids(tasks.map(\.id))
        )
        let outcomes = tasks.map { TaskOutcome($0.lease, .done) }
        let settlement = try Tasks.finish(outcomes, in: transaction)
        if !settlement.stale.isEmpty { transaction.abandon() }
    }
}
