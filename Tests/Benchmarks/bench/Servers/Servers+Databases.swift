import Measurement

// What the cases about the database start, each time anew.

extension Servers {
    func postgres() throws(Failure) -> Postgres {
        try Postgres(PostgresInstallation(installation))
    }

    /// A PostgreSQL with the tables of Relais.
    func relais() throws(Failure) -> Relais {
        try Relais(on: postgres(), program: work)
    }

    func migrationTime() throws(Failure) -> Duration {
        try Relais.migrationTime(on: postgres(), program: work)
    }

    private var work: String { "\(installation.products)/bench-work" }

    var celery: Celery { Celery(python: python, installation: installation) }

    var procrastinate: Procrastinate { Procrastinate(python: python) }

    private var python: PythonPeers { PythonPeers(installation: installation) }
}
