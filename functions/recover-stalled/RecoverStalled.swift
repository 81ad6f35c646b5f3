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

/// A lease that ran out is taken over by the next claim of its queue. What no claim would ever
/// meet is settled here, and so are messages whose sender is gone: they are not just sent again.
func recover(_ context: Context, _ connection: Connection) throws -> BatchReply {
    connection.deadline = .now + context.remaining
    let expired = try Tasks(connection).sweep()
    try Schedules(connection).sweep()
    if expired > 0 { context.log.warning("\(expired) tasks expired unworked; see `dead list`") }
    var reply = try settle(context, connection)
    reply.processed += expired
    return reply
}

func settle(_ context: Context, _ connection: Connection) throws -> BatchReply {
    connection.deadline = .now + context.remaining
    let messages = try CampaignClock(connection).settle()
    if messages.unknown > 0 {
        context.log.warning("\(messages.unknown) messages were in hand when their sender died")
    }
    return BatchReply(
        processed: messages.unknown + messages.parked + messages.resent,
        wake: messages.resent > 0 ? ["send"] : []
    )
}
