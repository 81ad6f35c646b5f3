import Measurement

/// procrastinate: tasks that do nothing, in the same PostgreSQL.
struct Procrastinate {
    private static let limit = Duration.seconds(120)
    /// More of either brought it nothing, fewer cost it something.
    private static let workers = 4
    private static let jobsAtOnce = 10

    let python: PythonPeers

    func install() throws(Failure) { try python.install() }

    /// Tasks in a second, from the first start to the last success.
    func rate(_ count: Int, on postgres: borrowing Postgres) throws(Failure) -> Double {
        let environment = ["DATABASE_URL": postgres.ownerURL]
        func run(_ arguments: String...) -> Command {
            python.program(["-m", "procrastinate_peer"] + arguments, environment: environment)
        }
        _ = try run("schema").output(within: Self.limit)
        _ = try run("enqueue", "\(count)").output(within: Self.limit)
        let drain = run("drain", "\(Self.jobsAtOnce)")
        _ = try drain.outputs(of: Self.workers, within: Self.limit)
        let stint = try Stint(parsing: run("times").output(within: Self.limit))
        guard stint.count == count else {
            throw Failure("\(stint.count) of \(count) tasks succeeded")
        }
        return [stint].perSecond
    }
}
