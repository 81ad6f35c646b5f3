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

/// The state that stays warm between calls.
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

/// Checks numbers that were not checked yet. It finds them among the contacts.
func verify(_ context: Context, _ outgoing: Outgoing) throws(DatabaseError) -> BatchReply {
    let end = context.end
    outgoing.connection.deadline = end
    let checker = NumberChecker(
        outgoing.connection,
        outgoing.client,
        outgoing.secrets,
        name: context.worker
    )
    let report = try checker.run(until: end)
    context.warn(report.problems)
    return BatchReply(
        processed: report.answered + report.unsure,
        remaining: report.remaining
    )
}
