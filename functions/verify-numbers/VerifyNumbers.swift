import Database
import FunctionContract
import FunctionRuntime
import HTTPClient
import Networks
import NumberChecks
import Security

@main struct VerifyNumbers {
    static func main() {
        serve(
            starting: { try Outgoing($0) },
            schedule: { _, context, outgoing in try verify(context, outgoing) },
            queue: { _, context, outgoing in try verify(context, outgoing) },
            manifest: PackageResources.function_json
        )
    }
}

/// What stays warm between two calls.
struct Outgoing {
    let connection: Connection
    let client: HTTPClient
    let secrets: SealedSecrets

    init(_ environment: Environment) throws {
        connection = try Connection(environment: environment.variables)
        client = HTTPClient(egress: try EgressPolicy(allowing: environment[EgressPolicy.variable]))
        secrets = try SealedSecrets(masterKeys: environment["RELAIS_MASTER_KEYS"] ?? "")
    }
}

/// Nobody has to say that there is a number to ask for: a look at the contacts finds it.
func verify(_ context: Context, _ outgoing: Outgoing) throws(DatabaseError) -> BatchReply {
    let end = ContinuousClock.now + context.remaining
    outgoing.connection.deadline = end
    let checker = NumberChecker(outgoing.connection, outgoing.client, outgoing.secrets)
    let report = try checker.run(until: end - .seconds(2))
    for problem in report.problems { context.log.warning(problem) }
    return BatchReply(
        processed: report.answered + report.unsure,
        remaining: report.remaining
    )
}
