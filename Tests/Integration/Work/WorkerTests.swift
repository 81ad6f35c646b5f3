import Database
import FunctionContract
import Testing

@testable import Work

/// The loop that drains a queue.
@Suite("Workers", .ownThread)
struct WorkerTests {
    private static let database = Result { try WorkDatabase() }

    private struct Poisoned: Error, CustomStringConvertible {
        let description = "poisoned"
    }

    private let connection: Connection
    private let owner: Connection
    private let tasks: Tasks
    private let queue = UUID.v7().description

    init() throws {
        let database = try Self.database.get()
        connection = database.connect()
        owner = try database.connectAsOwner()
        tasks = Tasks(connection)
    }

    private func worker(
        slice: Duration = .seconds(60),
        backOff: BackOff = BackOff(first: .seconds(600))
    ) -> Worker {
        Worker(connection, queue: queue, name: "test 1@here", slice: slice, backOff: backOff)
    }

    private var end: ContinuousClock.Instant { .now + .seconds(600) }

    @discardableResult
    private func enqueue(
        _ count: Int,
        _ kind: String = "healthy",
        workspace: UUID? = nil,
        change: (inout NewTask) -> Void = { _ in }
    ) throws -> [UUID] {
        let new = (0..<count).map { _ in
            var task = NewTask(queue: queue, kind: kind, workspace: workspace)
            change(&task)
            return task
        }
        try tasks.enqueue(new)
        return new.map(\.id)
    }

    private func number(_ sql: String, _ id: UUID) throws -> Int {
        let statement = Statement(
            "SELECT (\(sql))::bigint AS number FROM relais.task WHERE id = $1",
            .uuid(id)
        )
        return try owner.query(statement)[0].get("number")
    }

    @Test("A failing task does not affect a hundred others, and records its error")
    func poisoned() throws {
        let poison = try enqueue(1, "poisoned") { $0.runAt = .now - .seconds(3_600) }[0]
        try enqueue(100)
        var worker = worker()
        let report = try worker.drain(until: end) { (task, _) in
            if task.kind == "poisoned" { throw Poisoned() }
            return .done
        }
        #expect((report.done, report.retried, report.dead) == (100, 1, 0))
        #expect(report.problems.count == 1 && !report.hasMore)
        #expect(report.problems[0].contains("\(poison)"))
        #expect(report.problems[0].hasSuffix("attempt 1 of 10: poisoned"))
        #expect(try number("(last_error = 'poisoned')::int", poison) == 1)
        #expect(try number("extract(epoch FROM run_at - now())", poison) > 200)
        #expect(try tasks.held().allSatisfy { $0.queue != queue })
    }

    @Test("A task without attempts left, or refused, becomes a dead letter with its reason")
    func dead() throws {
        let last = try enqueue(1, "last") { $0.maxAttempts = 1 }[0]
        let refused = try enqueue(1, "refused")[0]
        var worker = worker()
        let report = try worker.drain(until: end) { (task, _) in
            if task.kind == "refused" { return .refused(error: "never") }
            throw Poisoned()
        }
        #expect(report.dead == 2 && report.problems.count == 2)
        let dead = try (tasks.dead(last), tasks.dead(refused))
        #expect(dead.0?.reason == .exhausted && dead.0?.lastError == "poisoned")
        #expect(dead.1?.reason == .refused && dead.1?.lastError == "never")
    }

    @Test("A task that is due again later waits, and its attempts start again at zero")
    func again() throws {
        let id = try enqueue(1) { $0.dedupeKey = "k" }[0]
        for outcome in [Outcome.retry(after: .zero, error: "x"), .again(after: .seconds(3_600))] {
            let claimed = try tasks.claimAfresh(queue)
            #expect(try tasks.finish([TaskOutcome(claimed[0].lease, outcome)]).stale.isEmpty)
        }
        #expect(try number("attempts + (last_error IS NOT NULL)::int", id) == 0)
        #expect(try number("(worker IS NULL AND lease_until IS NULL)::int", id) == 1)
        #expect(try number("extract(epoch FROM run_at - now())", id) > 3_000)
        var same = NewTask(queue: queue, kind: "same", workspace: nil)
        same.dedupeKey = "k"
        #expect(try tasks.enqueue([same]) == 0)
        var worker = worker()
        let report = try worker.drain(until: end) { (_, _) in .done }
        #expect(report == Worker.Report())
    }

    @Test("Except the first, no task starts that cannot end in time")
    func deadline() throws {
        try enqueue(3)
        var worker = worker(slice: .seconds(100_000))
        var begun = 0
        let report = try worker.drain(until: end) { (_, hold) in
            begun += 1
            #expect(hold.end < self.end)
            return .done
        }
        #expect(begun == 1 && report.done == 1 && report.hasMore)
        var late = self.worker()
        let nothing = try late.drain(until: .now) { (_, _) in .done }
        #expect(nothing.processed == 0 && nothing.hasMore)
        #expect(try tasks.statistics(of: [queue]).first?.ready == 2)
    }

    @Test("A flood of one tenant's older tasks does not delay another tenant")
    func flood() throws {
        let (flooding, quiet) = (UUID(high: 1, low: 0), UUID(high: 2, low: 0))
        try enqueue(300, workspace: flooding) { $0.runAt = .now - .seconds(3_600) }
        try enqueue(3, workspace: quiet)
        var worker = worker()
        worker.front = ClaimFront(after: flooding, lookShare: 0)
        var order: [UUID?] = []
        let report = try worker.drain(until: end) { (task, _) in
            order.append(task.workspace)
            return .done
        }
        #expect(report.done == 303)
        #expect(order.prefix(6).filter { $0 == quiet }.count == 3)
    }

    /// A rival that claims holds the rows until it commits.
    @Test("Tasks that a rival holds hide nobody else's", arguments: [1, 3])
    func rivals(limit: Int) throws {
        let held = try (1...20).flatMap { try enqueue(2, workspace: UUID(high: $0, low: 0)) }
        let free = try enqueue(2, workspace: UUID(high: 21, low: 0))
        var worker = worker()
        worker.front = ClaimFront(after: UUID(high: 0, low: 0))
        var done: [UUID] = []
        try owner.transaction { (transaction) throws(DatabaseError) in
            try transaction.query(
                "SELECT FROM relais.task WHERE id = ANY ($1) FOR UPDATE",
                .uuids(held)
            )
            let report = try worker.drain(upTo: limit, until: end) { (claimed, _) in
                done += claimed.map(\.id)
                return claimed.map { _ in .done }
            }
            #expect(report.done == 2 && !report.hasMore)
        }
        #expect(Set(done) == Set(free))
        #expect(try worker.drain(until: end) { (_, _) in .done }.done == 40)
    }

    @Test("The holder of a task is visible, and a holder with an expired lease is named")
    func holders() throws {
        let id = try enqueue(1) { $0.maxAttempts = 1 }[0]
        var worker = worker()
        _ = try worker.drain(until: end) { (task, _) in
            let held = try #require(
                try Tasks(Self.database.get().connect()).held().first { $0.id == id }
            )
            #expect(held.worker == "test 1@here" && held.attempt == 1 && held.queue == queue)
            try owner.query("UPDATE relais.task SET lease_until = now() WHERE id = $1", .uuid(id))
            #expect(try Tasks(Self.database.get().connect()).claimAfresh(queue).isEmpty)
            return .done
        }
        #expect(try tasks.dead(id)?.lastError == "the lease of test 1@here ran out")
    }

    @Test("A lease is extended during the work, and a lost lease is reported")
    func keeping() throws {
        let ids = try enqueue(2)
        var worker = worker()
        let other = Tasks(try Self.database.get().connect())
        let endLeases = Statement(
            "UPDATE relais.task SET lease_until = now() WHERE queue = $1",
            .text(queue)
        )
        let report = try worker.drain(upTo: 2, until: end) { (claimed, hold) in
            #expect(throws: Never.self) {
                try owner.query(endLeases)
                try hold.extend()
                #expect(hold.lost.isEmpty)
                #expect(try other.claimAfresh(queue).isEmpty)
                try owner.query(endLeases)
                #expect(try other.claimAfresh(queue, limit: 1).count == 1)
                try hold.extend()
            }
            #expect(hold.lost.count == 1 && hold.lost.isSubset(of: ids))
            return claimed.map { _ in .done }
        }
        #expect(report.done == 1)
    }

    @Test("After the lease ends, the next process does the task of a dead one")
    func takesOver() throws {
        try enqueue(5)
        let dead = try tasks.claimAfresh(queue, lease: .zero)
        #expect(dead.count == 5)
        var worker = worker()
        var attempts: [Int] = []
        let report = try worker.drain(until: end) { (task, _) in
            attempts.append(task.attempt)
            return .done
        }
        #expect(report.done == 5 && attempts == [2, 2, 2, 2, 2])
        #expect(try tasks.finish(dead.map { TaskOutcome($0.lease, .done) }).stale.count == 5)
    }

    @Test("A task with the id of a dead letter may become a dead letter too")
    func diesTwice() throws {
        let id = UUID.v7()
        for error in ["first", "second"] {
            try enqueue(1) { $0.id = id }
            try enqueue(20)
            var worker = worker()
            let report = try worker.drain(until: end) { (task, _) in
                task.id == id ? .refused(error: error) : .done
            }
            #expect(report.done == 20 && report.dead == 1)
            #expect(try tasks.dead(id)?.lastError == error)
        }
    }
}
