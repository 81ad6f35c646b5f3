@testable import Database
import FunctionContract
import Testing
@testable import Work

/// What row-level security lets a function see and do.
@Suite(.ownThread)
struct IsolationTests {
    private static let database = Result { try WorkDatabase() }

    private let connection: Connection
    private let owner: Connection
    private let ours = UUID.v7()
    private let theirs = UUID.v7()
    /// The same for both, to be tempting.
    private let queue = UUID.v7().description

    private func asUs(_ role: Role = .service) -> TransactionOptions {
        TransactionOptions(identity: Identity(workspace: ours, user: .v7(), role: role))
    }

    init() throws {
        connection = try Self.database.get().connect()
        owner = try Self.database.get().connectAsOwner()
    }

    @Test func theScopeEndsWithItsTransaction() throws {
        try makeTheirs()
        #expect(try Tasks(connection).statistics(of: [queue]).first?.leased == 1)
        #expect(try connection.query("SELECT FROM relais.task").isEmpty)
        #expect(try connection.query("SELECT FROM relais.rate_bucket").isEmpty)
    }

    /// A leased task, a ready one, a dead letter, a bucket and a counter of the other workspace.
    @discardableResult
    private func makeTheirs() throws -> (leased: ClaimedTask, dead: UUID) {
        let tasks = Tasks(connection)
        var dying = NewTask(queue: queue, kind: "theirs", workspace: theirs)
        dying.priority = .urgent
        let leased = NewTask(queue: queue, kind: "theirs", workspace: theirs)
        var ready = NewTask(queue: queue, kind: "theirs", workspace: theirs)
        ready.dedupeKey = "k"
        ready.expiresAt = .now + .milliseconds(1)
        ready.runAt = .now + .seconds(3600)
        try tasks.enqueue([dying, leased, ready])
        let claimed = try tasks.claimAfresh(queue)
        try #require(claimed.map(\.id) == [dying.id, leased.id])
        _ = try tasks.finish([TaskOutcome(claimed[0].lease, .refused(error: "no"))])
        try Rates(connection).set(theirKey, RateLimit(interval: .seconds(1)))
        _ = try Counters(connection).take(3, from: counter(of: theirs))
        return (claimed[1], dying.id)
    }

    private var theirKey: RateKey { RateKey(queue, of: theirs) }

    private func counter(of workspace: UUID) -> DailyCounter {
        DailyCounter(key: queue, workspace: workspace, timezone: "UTC", cap: 10)
    }

    /// Everything that is not ours, as text.
    private func everythingOfTheirs() throws -> [String] {
        let tables = ["task", "task_dead", "rate_bucket", "counter", "counter_history"]
        return try tables.flatMap { table in
            try owner.query(
                Statement(
                    "SELECT t::text AS row FROM relais.\(table) AS t WHERE workspace = $1 ORDER BY 1",
                    .uuid(theirs)
                )
            ).map { try $0.get("row", as: String.self) }
        }
    }

    /// All that Work can say to the server.
    private func everyStatement(_ leased: ClaimedTask, _ dead: UUID) throws -> [Statement] {
        let leases = [leased.lease]
        let failures = [TaskSQL.Failure(lease: leased.lease, error: "stolen")]
        var same = NewTask(queue: queue, kind: "ours", workspace: ours)
        same.dedupeKey = "k"
        let schedule = Schedule(name: queue, cron: try CronExpression("@hourly"), timezone: "UTC")
        let grant = RateGrant(
            count: 1,
            takenAt: .now,
            interval: .seconds(1),
            firstAt: .now,
            arrival: 0
        )
        let tasks = [
            TaskSQL.enqueue([same], .replace), TaskSQL.enqueue([same], .keep),
            TaskSQL.enqueue([NewTask(queue: queue, kind: "theirs", workspace: theirs)], .keep),
            TaskSQL.claim(queue, 10, .seconds(60), .line(ClaimFront().positions), worker: "us"),
            TaskSQL.claim(queue, 10, .seconds(60), .turns(after: ours), worker: "us"),
            TaskSQL.held(limit: 10), TaskSQL.expired(limit: 10), TaskSQL.expire(leased.id),
            TaskSQL.wait([TaskSQL.Wait(lease: leased.lease, pause: .zero)]),
            TaskSQL.extend(leases, by: .seconds(600)), TaskSQL.release(leases),
            TaskSQL.done(leases), TaskSQL.retry(failures), TaskSQL.bury(failures, .exhausted),
            TaskSQL.bury(failures, .refused), TaskSQL.runAgain(leases), TaskSQL.queues,
            TaskSQL.statistics(of: [queue], upTo: 9), TaskSQL.expire(limit: 100), TaskSQL.addUp,
            TaskSQL.totals(since: .distantPast), TaskSQL.dead(queue, nil, 10), TaskSQL.dead(dead),
            TaskSQL.retryDead([dead]), TaskSQL.dropDead([dead]),
        ]
        let theirCounter = counter(of: theirs)
        let ourCounter = counter(of: ours)
        let others = [
            RateSQL.set(theirKey, RateLimit(interval: .seconds(9))),
            RateSQL.set(RateKey(queue, of: ours), RateLimit(interval: .seconds(9))),
            RateSQL.take(1, theirKey, .zero), RateSQL.giveBack(1, grant, theirKey),
            RateSQL.hold(theirKey, .seconds(9)), CounterSQL.take(1, theirCounter),
            CounterSQL.take(1, ourCounter), CounterSQL.record(1, ourCounter),
            CounterSQL.giveBack(1, "2000-01-01", theirCounter),
            CounterSQL.usage(of: ourCounter), CounterSQL.timezones,
            CounterSQL.over(in: "UTC", limit: 9), CounterSQL.close(in: "UTC", limit: 9),
            ScheduleSQL.follow([schedule]), ScheduleSQL.due(schedule),
            ScheduleSQL.lock(queue, upTo: .now), ScheduleSQL.start(.now, schedule, "us"),
            ScheduleSQL.history(queue, 10), ScheduleSQL.giveUp,
        ]
        return tasks + others
    }

    @Test(arguments: [Role.service, .superAdmin, .admin])
    func noStatementReachesAnotherWorkspace(role: Role) throws {
        let (leased, dead) = try makeTheirs()
        let before = try everythingOfTheirs()
        #expect(before.count == 5)
        for statement in try everyStatement(leased, dead) {
            do {
                let rows = try connection.transaction(asUs(role), [statement])[0]
                #expect(try !rows.contains { try isTheirs($0) }, "\(statement.sql)")
            } catch let error as DatabaseError {
                #expect(error.code == .permission, "\(statement.sql): \(error)")
            }
            #expect(try everythingOfTheirs() == before, "\(statement.sql)")
        }
    }

    /// Says whether a row of a result shows a task of theirs.
    private func isTheirs(_ row: Row) throws -> Bool {
        guard let kind = try? row.get("kind", as: String.self) else { return false }
        return kind == "theirs"
    }

    @Test func aWorkspaceFinishesItsOwnTasksInItsOwnTransaction() throws {
        let new = NewTask(queue: queue, kind: "ours", workspace: ours)
        let count = try connection.transaction(asUs()) { (transaction) throws(DatabaseError) in
            try Tasks.enqueue([new], in: transaction)
        }
        #expect(count == 1)
        let claimed = try Tasks(connection).claimAfresh(queue)
        try #require(claimed.map(\.id) == [new.id])
        let settlement = try connection.transaction(asUs()) {
            (transaction) throws(DatabaseError) in
            try Tasks.finish([TaskOutcome(claimed[0].lease, .done)], in: transaction)
        }
        #expect(settlement.done == 1 && settlement.stale.isEmpty)
    }

    @Test func aTimezoneThatDoesNotExistIsRefused() throws {
        let error = #expect(throws: DatabaseError.self) {
            try owner.query(
                "INSERT INTO relais.workspace (id, name, timezone) VALUES ($1, 'x', 'Mars/Base')",
                .uuid(.v7())
            )
        }
        #expect(error?.code == .checkViolation)
    }
}
