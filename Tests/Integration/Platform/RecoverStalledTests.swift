import Database
import FunctionContract
import Testing

@Suite("recover-stalled", .ownThread)
struct RecoverStalledTests {
    @Test("Expired tasks become dead letters, tallies are summed, other tasks stay")
    func tasks() throws {
        let database = try PlatformDatabase()
        try database.query(
            """
            INSERT INTO relais.task (id, queue, run_at, kind, payload, max_attempts, expires_at,
                lease_until, attempts)
            SELECT gen_random_uuid(), 'q' || expires || coalesce(lease, 'free'), now(), 'k', '{}',
                3, now() + expires::interval, now() + lease::interval, 1
            FROM (VALUES ('-1 s', NULL), ('-1 s', '-1 s'), ('-1 s', '1 h'), ('1 h', NULL),
                ('1 h', '-1 s')) AS row (expires, lease)
            """
        )
        try database.query(
            "INSERT INTO relais.task_tally SELECT 'q', '2026-01-01', 1, 2, 3"
                + " FROM generate_series(1, 5)"
        )
        let run = try FunctionRun("recover-stalled", on: database)
        #expect(run.json["processed"] == 2)
        #expect(run.log.contains("2 tasks expired unworked"))
        let dead = try database.text(
            "SELECT string_agg(queue || ' ' || reason, ', ' ORDER BY queue) FROM relais.task_dead"
        )
        #expect(dead == "q-1 s-1 s expired, q-1 sfree expired")
        #expect(try database.count("SELECT count(*) FROM relais.task") == 3)
        let total = try database.text(
            "SELECT done || ' ' || retried || ' ' || dead FROM relais.task_total WHERE queue = 'q'"
        )
        #expect(total == "5 10 15")
        #expect(try FunctionRun("recover-stalled", on: database).json["processed"] == 0)
    }
}
