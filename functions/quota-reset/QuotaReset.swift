import Database
import FunctionContract
import FunctionRuntime
import Work

@main struct QuotaReset {
    static func main() {
        serve(
            starting: { try Connection(environment: $0.variables) },
            schedule: reset,
            manifest: PackageResources.function_json
        )
    }
}

/// Closes every day and month that is over in its own time zone: midnight can fall on any quarter
/// of an hour. The calendar decides, not the time of this run, so running twice or days late gives
/// the same state.
func reset(
    _ event: ScheduleEvent,
    _ context: Context,
    _ connection: inout Connection
) throws(DatabaseError) -> BatchReply {
    connection.deadline = context.end
    let days = try Counters(connection).closeDays()
    let months = try Quotas(connection).renew()
    if days.count + months.count > 0 {
        context.log.info("closed \(days.count) days and \(months.count) months")
    }
    context.warn(days.problems + months.problems)
    return BatchReply(processed: days.count + months.count)
}
