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

/// Midnight comes at another quarter of an hour in every time zone: whatever day or month is over
/// by now, somewhere, is closed. The calendar decides, not the time of this run, so that running
/// twice or days late gives the same state.
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
