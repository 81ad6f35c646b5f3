import Campaigns
import Database
import FunctionContract
import FunctionRuntime
import Messages
import Work

@main struct RecoverStalled {
    static func main() {
        serve(
            starting: { try Connection(environment: $0.variables) },
            schedule: { try recover($1, $2) },
            queue: { try settle($1, $2) },
            manifest: PackageResources.function_json
        )
    }
}

/// The next claim of a queue takes over leases that ran out. This function settles the tasks and
/// schedules that no claim would meet. It also settles messages whose sender died, because they
/// must not simply be sent again.
func recover(_ context: Context, _ connection: Connection) throws -> BatchReply {
    connection.deadline = context.end
    var sweep = try Tasks(connection).sweep()
    if sweep.count > 0 {
        context.log.warning("\(sweep.count) tasks expired unworked; see `dead list`")
    }
    try sweep.attempt("schedules that were given up") { (_) throws(DatabaseError) in
        try Schedules(connection).sweep()
    }
    context.warn(sweep.problems)
    var reply = try settle(context, connection)
    reply.processed += sweep.count
    return reply
}

func settle(_ context: Context, _ connection: Connection) throws -> BatchReply {
    let end = context.end
    connection.deadline = end
    let report = try CampaignClock(connection, name: context.worker).settle(until: end)
    context.warn(report.problems)
    let messages = report.settlement
    if messages.unknown > 0 {
        context.log.warning("\(messages.unknown) messages were in hand when their sender died")
    }
    return BatchReply(
        processed: messages.unknown + messages.parked + messages.resent,
        remaining: report.hasMore ? 1 : 0,
        wake: messages.resent > 0 ? ["send"] : []
    )
}
