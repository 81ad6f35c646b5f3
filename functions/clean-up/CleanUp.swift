import Database
import FunctionContract
import FunctionRuntime
import Work

@main struct CleanUp {
    static func main() {
        serve(
            starting: { try Connection(environment: $0.variables) },
            schedule: cleanUp,
            manifest: PackageResources.function_json
        )
    }
}

/// Batch by batch, so that no lock is held for long; what time does not suffice for is left to the
/// next run.
func cleanUp(
    _ event: ScheduleEvent,
    _ context: Context,
    _ connection: inout Connection
) throws(DatabaseError) -> BatchReply {
    connection.deadline = .now + context.remaining
    let retention = Retention(connection)
    var deleted = 0
    for rule in Retention.rules {
        while context.remaining > reserve {
            let count = try retention.apply(rule, limit: batchLimit)
            deleted += count
            if count < batchLimit { break }
        }
    }
    if deleted > 0 { context.log.info("deleted \(deleted) rows that were past their time") }
    return BatchReply(processed: deleted)
}

private let batchLimit = 5_000

/// One batch must fit into what is left.
private let reserve = Duration.seconds(15)
