import Database
import FunctionContract

/// A database, functions that are called through it, and runners that do it.
final class TriggeredProject {
    let database: PlatformDatabase
    let folder: FunctionFolder

    init(_ functions: SampleFunction..., on database: PlatformDatabase? = nil) throws {
        self.database = try database ?? PlatformDatabase()
        folder = try FunctionFolder()
        for function in functions {
            try folder.add(function)
            try folder.order(function.name, #"{"processed":1}"#)
        }
    }

    func serve(
        _ options: [String] = [],
        command: String = "serve",
        environment: [String: String] = [:]
    ) throws -> Runner {
        try Runner(
            folder,
            options,
            command: command,
            environment: environment.merging(["DATABASE_URL": database.url]) { own, _ in own }
        )
    }

    func run(_ words: String..., environment: [String: String] = [:]) throws -> CommandRun {
        try CommandRun(
            words,
            in: folder,
            environment: environment.merging([
                "DATABASE_URL": database.url, "DATABASE_OWNER_URL": database.ownerURL,
                "RELAIS_MIGRATIONS": PlatformDatabase.migrations,
            ]) { own, _ in own }
        )
    }

    /// As if runners had followed the schedule until so many minutes ago.
    func follow(_ schedule: String, minutesAgo: Int) throws {
        try database.query(
            """
            INSERT INTO relais.schedule VALUES ($1, now() - $2 * interval '1 minute')
            ON CONFLICT (name) DO UPDATE SET followed_until = excluded.followed_until
            """,
            .text(schedule),
            .int(minutesAgo)
        )
    }

    /// How it went with the first instant: while a test runs, minutes may begin.
    func state(of schedule: String) throws -> String? {
        try database.text(
            """
            SELECT state || coalesce(': ' || error, '') FROM relais.schedule_instant
            WHERE name = $1 ORDER BY instant LIMIT 1
            """,
            .text(schedule)
        )
    }

    /// Puts tasks that nobody claims into a queue.
    func enqueue(_ count: Int, in queue: String, delay: String = "0 s") throws {
        try database.query(
            """
            INSERT INTO relais.task (id, queue, run_at, kind, payload, max_attempts)
            SELECT gen_random_uuid(), $1, clock_timestamp() + $2::interval, 'test', '{}', 10
            FROM generate_series(1, $3)
            """,
            .text(queue),
            .inferred(delay),
            .int(count)
        )
    }
}
