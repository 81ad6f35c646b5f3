import Database
import FunctionContract
import FunctionRuntime
import Inbound
import Messages
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

/// Deletes expired rows, by the rules of the module that owns the table. Rows that do not fit into
/// this run are left to the next one.
func cleanUp(
    _ event: ScheduleEvent,
    _ context: Context,
    _ connection: inout Connection
) throws(DatabaseError) -> BatchReply {
    let end = context.end
    connection.deadline = end
    let deleted = try Retention(connection).apply(retentionRules, until: end - reserve)
    if deleted.count > 0 {
        context.log.info("deleted \(deleted.count) rows that were past their time")
    }
    context.warn(deleted.problems)
    return BatchReply(processed: deleted.count)
}

/// All retention rules; nothing else is deleted by age.
let retentionRules = Retention.rules + Retention.ofWebhooks + Retention.ofDeliveries

/// Time left for the last batch.
private let reserve = Duration.seconds(15)
