import Measurement

/// FastAPI on uvicorn with asyncpg, keeping webhooks in the same table.
struct FastAPI {
    private static let workers = 2
    /// Of each worker: altogether twice as many as ours has.
    private static let connections = 8

    let python: PythonPeers

    func install() throws(Failure) { try python.install() }

    func serve(_ tenant: Tenant, in postgres: borrowing Postgres) throws(Failure) -> Server {
        let port = try freePort()
        let options = [
            "--host", "127.0.0.1", "--port", "\(port)", "--workers", "\(Self.workers)", "--loop",
            "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error",
        ]
        let environment = [
            "DATABASE_URL": postgres.ownerURL, "WEBHOOK_SECRET": Tenant.webhookSecret,
            "WORKSPACE": "\(tenant.workspace)", "CHANNEL": "\(tenant.channel)",
            "POOL_SIZE": "\(Self.connections)",
        ]
        let command = python.program(
            ["-m", "uvicorn", "fastapi_peer:app"] + options,
            environment: environment
        )
        return try Server(command, port: port, path: "/webhooks/meta", in: TemporaryFolder())
    }
}
