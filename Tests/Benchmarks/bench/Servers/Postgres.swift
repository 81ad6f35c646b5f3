import Database
import Glibc
import Measurement

/// An empty PostgreSQL with the settings of `infra/database`, as durable as that one, on a port of
/// its own. It is gone with this value.
struct Postgres: ~Copyable {
    static let superuser = "postgres"
    private static let login = "relais_app"
    private static let startLimit = Duration.seconds(30)

    private let installation: PostgresInstallation
    private let address: Address
    private let process: Subprocess
    private let folder: TemporaryFolder

    /// Starts a copy of a stopped cluster.
    init(_ cluster: Cluster, _ installation: PostgresInstallation) throws(Failure) {
        let folder = try TemporaryFolder(in: "/var/tmp")
        let log = "\(folder.path)/log"
        let password = cluster.password
        let port = try freePort()
        try installation.copyCluster(from: cluster.path, to: folder)
        // Asked to end at once: nobody needs what it holds.
        let process = try Subprocess(
            installation.server(port: port, folder: folder.path),
            output: log,
            errors: log,
            endSignal: SIGQUIT
        )
        let address = Address(port: port, password: password)
        try address.awaitServer(log: log)
        self.address = address
        self.installation = installation
        self.process = process
        self.folder = folder
    }

    /// The folder of the migrations of Relais.
    var migrations: String { installation.migrations }

    /// For who owns the tables, and may do anything.
    var ownerURL: String { address.url(user: Self.superuser) }

    /// For functions, as which row-level security holds. There is no such user before `migrate`.
    var functionURL: String { address.url(user: Self.login) }

    /// `psql`, `pgbench` or another of PostgreSQL's own programs, as the owner.
    func client(_ name: String, _ arguments: [String]) -> Command {
        Command(
            program: installation.program(name),
            arguments: arguments,
            environment: [
                "PGHOST": "127.0.0.1", "PGPORT": "\(address.port)", "PGUSER": Self.superuser,
                "PGPASSWORD": address.password, "PGDATABASE": "postgres",
            ]
        )
    }

    /// Applies the migrations and makes the user of `functionURL`.
    func migrate() throws(Failure) {
        try database { () throws(DatabaseError) in
            let connection = Connection(ownerURL)
            try Migrations(folder: installation.migrations).apply(on: connection)
            try connection.run(
                script: """
                    CREATE ROLE \(Self.login) LOGIN PASSWORD '\(address.password)' IN ROLE relais_function
                    """
            )
        }
    }

    /// Ends the server and keeps its cluster, for others to copy.
    consuming func stopped() throws(Failure) -> Cluster {
        // The server ends at once. After a checkpoint the copies have nothing to recover.
        try database { () throws(DatabaseError) in
            _ = try Connection(ownerURL).query("CHECKPOINT")
        }
        process.end()
        return Cluster(folder, password: address.password)
    }

    /// Does something while a transaction is open that began before it and only reads.
    func whileOthersRead<Result>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let options = TransactionOptions(
            isolation: .repeatableRead,
            isReadOnly: true,
            retry: .never
        )
        let result = try database { () throws(DatabaseError) in
            try Connection(ownerURL).transaction(options) {
                (transaction) throws(DatabaseError) -> Swift.Result<Result, Failure> in
                try transaction.query("SELECT count(*) FROM pg_class")
                return Swift.Result { () throws(Failure) in try body() }
            }
        }
        return try result.get()
    }

    private struct Address {
        let port: Int
        let password: String

        func url(user: String) -> String {
            "postgresql://\(user):\(password)@127.0.0.1:\(port)/postgres"
        }

        func awaitServer(log: String) throws(Failure) {
            let deadline = ContinuousClock.now + Postgres.startLimit
            let connection = Connection(url(user: Postgres.superuser))
            while (try? connection.open()) == nil {
                try Interruption.check()
                guard .now < deadline else {
                    let words = String(decoding: (try? contents(of: log)) ?? [], as: UTF8.self)
                    throw Failure("PostgreSQL does not start: \(words)")
                }
                usleep(5000)
            }
        }
    }
}

/// Does something with a database; what goes wrong there is a failure here.
func database<Result>(_ body: () throws(DatabaseError) -> Result) throws(Failure) -> Result {
    do throws(DatabaseError) {
        return try body()
    } catch {
        throw Failure("the database: \(error.message)")
    }
}
