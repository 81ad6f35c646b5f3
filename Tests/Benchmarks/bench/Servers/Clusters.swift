import Measurement

/// The clusters that servers start from. Each is made once, when it is first needed: every sample
/// then has a server of its own after a copy of some megabytes.
final class Clusters {
    private var empty: Cluster?
    private var migrated: Cluster?

    /// A server without any table.
    func postgres(_ installation: PostgresInstallation) throws(Failure) -> Postgres {
        if empty == nil { empty = try Cluster(installation) }
        return try server(of: empty, installation)
    }

    /// A server with the tables of Relais.
    func migratedPostgres(_ installation: PostgresInstallation) throws(Failure) -> Postgres {
        if migrated == nil {
            let postgres = try postgres(installation)
            try postgres.migrate()
            migrated = try postgres.stopped()
        }
        return try server(of: migrated, installation)
    }

    private func server(
        of cluster: Cluster?,
        _ installation: PostgresInstallation
    ) throws(Failure) -> Postgres {
        guard let cluster else { preconditionFailure("the cluster is made before its servers") }
        return try Postgres(cluster, installation)
    }
}
