import Database
import FunctionContract
import FunctionRuntime
import Inbound

@main struct ProcessInbound {
    static func main() {
        serve(
            starting: { try Connection(environment: $0.variables) },
            schedule: { try read($1, $2) },
            queue: { try read($1, $2) },
            manifest: PackageResources.function_json
        )
    }
}

/// Reads stored webhooks. The schedule finds those for which no wake-up arrived.
func read(_ context: Context, _ connection: Connection) throws(InboundError) -> BatchReply {
    connection.deadline = .now + context.remaining
    var reader = Reader(connection)
    let report = try reader.readAll(
        lease: longestHold,
        until: { context.remaining < timeToFinish }
    )
    if report.failed > 0 || report.unknown > 0 {
        context.log.warning(
            "webhooks that nobody understood are kept",
            JSONObject([
                ("failed", .integer(report.failed)), ("unknownEvents", .integer(report.unknown)),
            ])
        )
    }
    return BatchReply(
        processed: report.processed + report.failed,
        remaining: report.remaining,
        wake: report.hasQueued ? ["send"] : []
    )
}

/// A part that has begun can finish within this time.
let timeToFinish = Duration.seconds(3)

/// How long a part waits after its reader died. While a reader lives, it keeps its part, however
/// long that takes.
let longestHold = Duration.seconds(20)
