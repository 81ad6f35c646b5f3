import Database
import FunctionContract
import Testing

@Suite("health-check", .ownThread)
struct HealthCheckTests {
    /// What strangers are answered over HTTP, and what a look by schedule says to the log.
    private func look(
        _ database: PlatformDatabase?,
        _ environment: [String: String] = [:]
    ) throws -> (status: Int, body: JSON, complaints: Int, warnings: String) {
        var request = HTTPEvent()
        request.rawPath = "/api/health"
        request.requestContext.http.method = "GET"
        request.requestContext.http.path = request.rawPath
        let run = try FunctionRun(
            "health-check",
            on: database,
            event: .http(request),
            environment: environment
        )
        let answer = try #require(run.http)
        #expect(run.log.isEmpty)
        let watch = try FunctionRun("health-check", on: database, environment: environment)
        let count = try #require(watch.json["processed"]?.integer)
        return (answer.status, answer.body, count, watch.log)
    }

    @Test("An idle platform is healthy")
    func well() throws {
        let found = try look(try PlatformDatabase())
        #expect(found.status == 200)
        #expect(found.body == ["status": "ok"])
        #expect(found.complaints == 0)
        #expect(found.warnings.isEmpty)
    }

    @Test("Dead letters, old tasks and a stopped clock are logged but hidden from strangers")
    func degraded() throws {
        let database = try PlatformDatabase()
        try database.query(
            """
            INSERT INTO relais.task_dead (id, queue, priority, kind, payload, attempts,
                max_attempts, lease_token, reason, created_at)
            VALUES (gen_random_uuid(), 'q', 2, 'k', '{}', 1, 1, 1, 'refused', now())
            """
        )
        try database.query(
            """
            INSERT INTO relais.task (id, queue, run_at, kind, payload, max_attempts)
            VALUES (gen_random_uuid(), 'old', now() - interval '10 minutes', 'k', '{}', 1),
                (gen_random_uuid(), 'new', now() - interval '1 minute', 'k', '{}', 1)
            """
        )
        try database.query(
            """
            INSERT INTO relais.task (id, queue, run_at, kind, payload, attempts, max_attempts,
                last_error)
            VALUES (gen_random_uuid(), 'bad', now() + interval '1 hour', 'k', '{}', 3, 9, 'oops'),
                (gen_random_uuid(), 'bad', now() + interval '1 hour', 'k', '{}', 1, 9, 'once')
            """
        )
        try database.query("INSERT INTO relais.schedule VALUES ('s', now() - interval '1 hour')")
        let found = try look(database)
        #expect(found.status == 200)
        #expect(found.body == ["status": "ok"])
        #expect(found.complaints == 4)
        for words in [
            "queue old: work has waited for 6", "schedules are 36", "1 dead letter:",
            "queue bad: 1 task fails again and again, as with: oops",
        ] {
            #expect(found.warnings.contains(words), "\(words)")
        }
    }

    @Test("A login that bypasses row-level security is a complaint")
    func superuser() throws {
        let database = try PlatformDatabase()
        let found = try look(database, ["DATABASE_URL": database.ownerURL])
        #expect(found.status == 200)
        #expect(found.complaints == 1)
        #expect(found.warnings.contains("passes row-level security by"))
    }

    @Test("Without its tables or its database the platform is down; strangers learn no more")
    func down() throws {
        let nowhere = "postgresql://relais:s3cret@127.0.0.1:1/relais"
        let gone = try look(nil, ["DATABASE_URL": nowhere])
        #expect(gone.status == 503)
        #expect(gone.body == ["status": "down"])
        #expect(gone.warnings.contains("cannot reach PostgreSQL at 127.0.0.1:1"))
        #expect(!gone.warnings.contains("s3cret"))
        let bare = try look(nil, ["DATABASE_URL": TestDatabase().url])
        #expect(bare.status == 503)
        #expect(bare.body == ["status": "down"])
        #expect(bare.warnings.contains("run `local-runner migrate`"))
    }

    @Test("A platform that needs no database is healthy without one")
    func notConfigured() throws {
        let found = try look(nil)
        #expect(found.status == 200)
        #expect(found.body == ["status": "ok"])
    }
}
