import Database
import FunctionContract
import Glibc
import Testing
import Work

/// Whatever dies, and whenever: every task takes effect once.
@Suite(.ownThread)
struct KilledWorkerTests {
    private let database: WorkDatabase
    private let effects: EffectTable
    private let connection: Connection
    private let queue = "kill"

    init() throws {
        database = try WorkDatabase()
        effects = try EffectTable(in: database)
        connection = database.connect()
    }

    private func expectOneEffect(of ids: [UUID]) throws {
        let seen = try effects.tasks()
        #expect(seen.count == ids.count)
        #expect(Set(seen) == Set(ids))
        #expect(try Tasks(connection).dead(in: queue).isEmpty)
    }

    /// Works until the queue is empty: what a rolled back transaction held is free a moment later.
    private func finishTheRest() throws {
        var front = ClaimFront()
        let tasks = Tasks(connection)
        while let statistics = try tasks.statistics(of: [queue]).first,
            statistics.ready + statistics.leased > 0
        {
            try Tasks.doBatch(of: queue, lease: .seconds(60), front: &front, on: connection)
        }
    }

    @Test(arguments: ["connected", "claimed", "worked", "finished", "committed"])
    func killedAtEachStep(_ step: String) throws {
        let new = NewTask.some(10, in: queue)
        try Tasks(connection).enqueue(new)
        let worker = try ChildProcess(
            BuiltProduct.path("task-worker"),
            [database.url, queue, step]
        )
        defer { worker.end() }
        try #require(try worker.line() == Array(step.utf8))
        worker.send(SIGKILL)
        #expect(try worker.waitForExit() == .signal(SIGKILL))
        try finishTheRest()
        try expectOneEffect(of: new.map(\.id))
    }

    @Test func aConnectionThatDiesInTheTransaction() throws {
        let new = NewTask.some(10, in: queue)
        try Tasks(connection).enqueue(new)
        let assassin = try database.connectAsOwner()
        var front = ClaimFront()
        var hasKilled = false
        let count = try Tasks.doBatch(
            of: queue,
            lease: .seconds(60),
            front: &front,
            on: connection
        ) { (transaction) throws(DatabaseError) in
            guard !hasKilled else { return }
            hasKilled = true
            let process: Int = try transaction.query("SELECT pg_backend_pid() AS pid")[0].get("pid")
            try assassin.query("SELECT pg_terminate_backend($1::int)", .int32(Int32(process)))
        }
        #expect(count == 10)
        try expectOneEffect(of: new.map(\.id))
    }
}
