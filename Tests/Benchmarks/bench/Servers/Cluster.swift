import Measurement

/// The folder of a stopped PostgreSQL, for servers to start from. It is gone with this value.
final class Cluster {
    /// Of the superuser and of the user of functions.
    let password: String
    private let folder: TemporaryFolder

    /// Makes an empty cluster.
    init(_ installation: PostgresInstallation) throws(Failure) {
        let folder = try TemporaryFolder(in: "/var/tmp")
        password = String(UInt128.random(in: 0...(.max)), radix: 36)
        try installation.makeCluster(in: folder, user: Postgres.superuser, password: password)
        self.folder = folder
    }

    /// Keeps the folder of a server that has ended.
    init(_ folder: consuming TemporaryFolder, password: String) {
        self.folder = folder
        self.password = password
    }

    var path: String { folder.path }
}
