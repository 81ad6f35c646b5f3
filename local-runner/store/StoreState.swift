import Database
import FunctionContract
import FunctionRuntime
import Networks
import Work

/// What the store keeps between two questions: one connection, and how far it has looked into each
/// queue of invocations.
struct StoreState {
    let connection: Connection
    let tasks: Tasks
    let queues: Queues
    let schedules: Schedules
    /// Who owns the tables and may change them; functions log in as somebody else.
    let owner: Connection
    let migrationFolder: String
    /// What opens the secrets of channels; only who asks about channels hands it over.
    let masterKeys: String?
    /// Where gateways may be.
    let egress: EgressPolicy
    var fronts: [String: ClaimFront] = [:]

    init(_ environment: Environment) throws(FunctionFailure) {
        guard let url = environment["DATABASE_URL"] else {
            throw FunctionFailure(
                type: "NotConfigured",
                message: "DATABASE_URL is not set: there is nothing to keep schedules and queues in"
            )
        }
        connection = Connection(url)
        tasks = Tasks(connection)
        queues = Queues(connection)
        schedules = Schedules(connection)
        owner = Connection(environment["DATABASE_OWNER_URL"] ?? url)
        migrationFolder = environment["RELAIS_MIGRATIONS"] ?? "infra/postgres/migrations"
        masterKeys = environment["RELAIS_MASTER_KEYS"]
        do {
            egress = try EgressPolicy(allowing: environment[EgressPolicy.variable])
        } catch {
            throw FunctionFailure(type: "NotConfigured", message: error.description)
        }
    }

    /// The database gets most of the time; the rest is for saying that it did not suffice.
    func allow(_ time: Duration) {
        let deadline = ContinuousClock.now + time * 9 / 10
        connection.deadline = deadline
        owner.deadline = deadline
    }
}
