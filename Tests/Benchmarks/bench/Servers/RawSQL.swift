import Measurement

/// PostgreSQL's own programs doing the least that there is to do.
struct RawSQL {
    private static let limit = Duration.seconds(60)

    /// Clients that all update the same row again and again; updates in a second. They speak as
    /// ours does: no prepared statement outlives its transaction.
    func updateRate(
        on postgres: borrowing Postgres,
        clients: Int,
        seconds: Double
    ) throws(Failure) -> Double {
        let table = """
            CREATE TABLE bucket (key integer PRIMARY KEY, value bigint) WITH (fillfactor = 50);
            INSERT INTO bucket VALUES (1, 0)
            """
        _ = try postgres.client("psql", ["--quiet", "--command", table]).output(within: Self.limit)
        let update = "UPDATE bucket SET value = value + 1 WHERE key = 1;\n"
        return try rate(of: update, on: postgres, clients: clients, seconds: seconds)
    }

    /// Clients that keep webhooks of that size in the table of ours; webhooks in a second.
    func keepRate(
        of tenant: Tenant,
        bodyBytes: Int,
        on postgres: borrowing Postgres,
        clients: Int,
        seconds: Double
    ) throws(Failure) -> Double {
        let body = String(repeating: "a", count: bodyBytes)
        let digits = "1000000000000000000, 9000000000000000000"
        // The key is as long as a digest, and as random.
        let insert = """
            \\set a random(\(digits))
            \\set b random(\(digits))
            \\set c random(\(digits))
            INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body)
            VALUES (uuidv7(), '\(tenant.workspace)', '\(tenant.channel)', 'meta',
                concat('sha256', :a::int8, :b::int8, :c::int8), '\(body)')
            ON CONFLICT (channel, dedupe_key) DO NOTHING;

            """
        return try rate(of: insert, on: postgres, clients: clients, seconds: seconds)
    }

    private func rate(
        of statement: String,
        on postgres: borrowing Postgres,
        clients: Int,
        seconds: Double
    ) throws(Failure) -> Double {
        let folder = try TemporaryFolder()
        let script = try folder.write(statement, to: "script.sql")
        let pgbench = postgres.client(
            "pgbench",
            [
                "--no-vacuum", "--protocol", "extended", "--client", "\(clients)", "--jobs", "2",
                "--time", "\(Int(seconds))", "--file", script,
            ]
        )
        return try transactionsPerSecond(inPgbenchOutput: pgbench.output(within: Self.limit))
    }

    /// Applies the migrations, each file in a transaction of its own, in one process.
    func migrationTime(on postgres: borrowing Postgres) throws(Failure) -> Duration {
        let files = try names(in: postgres.migrations).sorted().flatMap { name in
            [
                "--command", "BEGIN", "--file", "\(postgres.migrations)/\(name)", "--command",
                "COMMIT",
            ]
        }
        let options = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
        return try postgres.client("psql", options + files).time(within: Self.limit)
    }
}
