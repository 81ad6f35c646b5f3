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

/// Deletes what is past its time, by the rules that each module has for its own tables. What time
/// does not suffice for is left to the next run.
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

/// What is deleted when; nothing else ever is.
let retentionRules = Retention.rules + Retention.ofWebhooks + Retention.ofDeliveries

/// One batch must fit into what is left.
private let reserve = Duration.seconds(15)
