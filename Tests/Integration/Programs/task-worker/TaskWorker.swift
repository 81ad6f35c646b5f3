import Database
import Glibc
import Work

/// A worker to be killed: `task-worker <url> <queue> <step>` does one batch and says at each step
/// where it is. At the step named it waits for ever.
@main struct TaskWorker {
    static func main() throws {
        let arguments = CommandLine.arguments
        precondition(arguments.count == 4, "task-worker <url> <queue> <step>")
        try TaskWorker(queue: arguments[2], lastStep: arguments[3])
            .run(on: Connection(arguments[1]))
    }

    let queue: String
    let lastStep: String

    private func run(on connection: Connection) throws {
        try connection.open()
        reach("connected")
        var front = ClaimFront()
        let tasks = try Tasks(connection).claim(
            queue,
            limit: 10,
            lease: .zero,
            front: &front
        ).tasks
        reach("claimed")
        try connection.transaction { (transaction) throws(DatabaseError) in
            try transaction.query(PlatformScope.statement)
            try transaction.query(
                "INSERT INTO effect (task) SELECT unnest($1)",
                .uuids(tasks.map(\.id))
            )
            reach("worked")
            let outcomes = tasks.map { TaskOutcome($0.lease, .done) }
            let settlement = try Tasks.finish(outcomes, in: transaction)
            if !settlement.stale.isEmpty { transaction.abandon() }
            reach("finished")
        }
        reach("committed")
    }

    private func reach(_ step: String) {
        guard step == lastStep else { return }
        print(step)
        fflush(nil)
        // Nothing is ever written to it: reading is waiting to be killed.
        _ = readLine()
    }
}
