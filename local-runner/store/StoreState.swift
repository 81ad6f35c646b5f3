import Database
import FunctionContract
import FunctionRuntime
import Networks
import Work

/// The store's state between two requests: its connections, and how far it has read each queue of
/// invocations.
struct StoreState {
    let connection: Connection
    let tasks: Tasks
    let queues: Queues
    let schedules: Schedules
    /// The connection of the owner, who may change the tables. Functions use another login.
    let owner: Connection
    let migrationFolder: String
    /// The master keys for the secrets of channels. Only requests about channels come with them.
    let masterKeys: String?
    /// The networks where gateways may be.
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

    /// The database gets 90 % of the time. The rest is for reporting a timeout.
    func allow(_ time: Duration) {
        let deadline = ContinuousClock.now + time * 9 / 10
        connection.deadline = deadline
        owner.deadline = deadline
    }
}
