import Campaigns
import Database
import FunctionContract
import FunctionRuntime
import Messages
import Work

@main struct CampaignControl {
    static func main() {
        serve(
            starting: { try Connection(environment: $0.variables) },
            schedule: { try control($1, $2) },
            queue: { try control($1, $2) },
            manifest: PackageResources.function_json
        )
    }
}

/// Starts due campaigns and completes finished ones. Each is a task of its own. The queue starts a
/// campaign at its hour; the schedule finds every minute what the queue missed.
func control(_ context: Context, _ connection: Connection) throws(DatabaseError) -> BatchReply {
    let end = context.end
    connection.deadline = end
    let report = try CampaignClock(connection, name: context.worker).control(until: end)
    var counts = Sweep()
    try counts.attempt("counts of messages") { (_) throws(DatabaseError) in
        try MessageCounts(connection).fold(until: end - (end - .now) / 2)
    }
    context.warn(report.problems + counts.problems)
    return BatchReply(
        processed: report.started.count + report.completed.count,
        remaining: report.hasMore ? 1 : 0,
        wake: report.started.isEmpty ? [] : ["send"]
    )
}
