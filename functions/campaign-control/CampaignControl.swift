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

/// Folds the counts of messages. Then starts due campaigns and completes finished ones; each is a
/// task of its own. The queue starts a campaign at its hour; the schedule finds every minute what
/// the queue missed.
///
/// The counts come first: a start may take minutes, and a large audience is one tenant's.
func control(_ context: Context, _ connection: Connection) throws(DatabaseError) -> BatchReply {
    let end = context.end
    connection.deadline = min(end, .now + foldTime * 2)
    var counts = Sweep()
    try counts.attempt("counts of messages") { (counts) throws(DatabaseError) in
        counts = try MessageCounts(connection).fold(until: .now + foldTime)
    }
    connection.deadline = end
    let report = try CampaignClock(connection, name: context.worker).control(until: end)
    context.warn(report.problems + counts.problems)
    return BatchReply(
        processed: report.started.count + report.completed.count,
        remaining: report.hasMore ? 1 : 0,
        wake: report.started.isEmpty ? [] : ["send"]
    )
}

/// How long the starts may wait for the counts. The next call folds the rest.
private let foldTime = Duration.seconds(10)
