import Measurement

// What the cases about the database start, each time anew.

extension Servers {
    func postgres() throws(Failure) -> Postgres {
        try clusters.postgres(PostgresInstallation(installation))
    }

    /// A PostgreSQL with the tables of Relais.
    func relais() throws(Failure) -> Relais {
        let installation = try PostgresInstallation(installation)
        return Relais(on: try clusters.migratedPostgres(installation), program: work)
    }

    func migrationTime() throws(Failure) -> Duration {
        try Relais.migrationTime(on: postgres(), program: work)
    }

    /// A provider that answers every message after 50 ms.
    func upstream() throws(Failure) -> Upstream { try Upstream(provider) }

    private var work: String { "\(installation.products)/bench-work" }

    var celery: Celery { Celery(python: python, installation: installation) }

    var celerySender: CelerySender { CelerySender(celery: celery, provider: provider) }

    var sendBatch: SendBatch {
        SendBatch(program: "\(installation.products)/send-batch", provider: provider)
    }

    var fastAPI: FastAPI { FastAPI(python: python) }

    /// `local-runner` with functions of the product, ready for the webhooks of a tenant.
    func platform(_ functions: [String], for tenant: Tenant) throws(Failure) -> Server {
        let program = installation.named(by: "LOCAL_RUNNER")
        let runner = LocalRunner(
            program: program ?? "\(installation.products)/local-runner",
            functions: installation.products
        )
        return try runner.serve(
            functions,
            for: tenant,
            manifests: "\(installation.package)/functions"
        )
    }

    private var provider: String { "\(installation.products)/bench-provider" }

    var procrastinate: Procrastinate { Procrastinate(python: python) }

    private var python: PythonPeers { PythonPeers(installation: installation) }
}
