import Campaigns
import Database
import FunctionContract
import FunctionRuntime
import Messages

@main struct CampaignControl {
    static func main() {
        serve(
            starting: { try Connection(environment: $0.variables) },
            schedule: control,
            manifest: PackageResources.function_json
        )
    }
}

/// What the clock does to campaigns: it starts those that are due and completes those that are
/// done.
func control(
    _ event: ScheduleEvent,
    _ context: Context,
    _ connection: inout Connection
) throws(CampaignError) -> BatchReply {
    connection.deadline = .now + context.remaining
    let clock = CampaignClock(connection)
    let started = try clock.startDue()
    for failure in started.failures { context.log.warning(failure) }
    let completed = try clock.complete()
    do throws(DatabaseError) {
        try MessageCounts(connection).fold(until: .now + context.remaining / 2)
    } catch {
        throw .database(error)
    }
    return BatchReply(
        processed: started.campaigns.count + completed.count,
        wake: started.campaigns.isEmpty ? [] : ["send"]
    )
}
