import Database
import FunctionContract
import FunctionRuntime
import HTTPClient
import Networks
import Security
import Sending

@main struct SendBatch {
    static func main() {
        serve(
            starting: { try Outgoing($0) },
            schedule: { _, context, outgoing in
                try inquire(context, outgoing)
                return try send(context, outgoing)
            },
            queue: { _, context, outgoing in try send(context, outgoing) },
            manifest: PackageResources.function_json
        )
    }
}

/// The state that stays warm between calls: the connections to the database and the providers, and
/// the sender's list of channels without a key.
struct Outgoing {
    let connection: Connection
    let client: HTTPClient
    let secrets: SealedSecrets
    let sender: Sender

    init(_ environment: Environment) throws {
        connection = try Connection(environment: environment.variables)
        client = HTTPClient(egress: try EgressPolicy(allowing: environment[EgressPolicy.variable]))
        secrets = try SealedSecrets(masterKeys: environment["RELAIS_MASTER_KEYS"] ?? "")
        sender = Sender(
            connection,
            client,
            secrets,
            publicURL: environment["RELAIS_PUBLIC_URL"]
        )
    }
}

/// The most time of a run that inquiries take from sending.
private let inquiryTime = Duration.seconds(10)

/// Asks providers about messages whose answers were lost, once a minute. Most runs find none.
func inquire(_ context: Context, _ outgoing: Outgoing) throws(DatabaseError) {
    let end = ContinuousClock.now + context.remaining
    outgoing.connection.deadline = end
    let inquirer = Inquirer(outgoing.connection, outgoing.client, outgoing.secrets)
    let report = try inquirer.run(until: min(.now + inquiryTime, end))
    for problem in report.problems { context.log.warning(problem) }
    guard report.asked > 0 else { return }
    context.log.info(
        "asked for messages whose answers were lost",
        JSONObject([("asked", .integer(report.asked)), ("settled", .integer(report.settled))])
    )
}

/// Sends until shortly before the deadline, or until nothing more is due before it. All work is in
/// the database, so it may be called at any time and in parallel.
func send(_ context: Context, _ outgoing: Outgoing) throws(DatabaseError) -> BatchReply {
    let end = ContinuousClock.now + context.remaining
    outgoing.connection.deadline = end
    let summary = try outgoing.sender.run(until: end - .seconds(2))
    for problem in summary.problems { context.log.error(problem) }
    if summary.processed > 0 {
        context.log.info(
            "sent",
            JSONObject([
                ("processed", .integer(summary.processed)),
                ("accepted", .integer(summary.accepted)),
                ("remaining", .integer(summary.remaining)),
            ])
        )
    }
    let wake = summary.remaining > 0 ? ["send"] : []
    return BatchReply(processed: summary.processed, remaining: summary.remaining, wake: wake)
}
