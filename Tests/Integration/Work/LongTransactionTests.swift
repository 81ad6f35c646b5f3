@testable import Database
import Glibc
import Testing
@testable import Work

/// A transaction that stays open, as an analyst's or a backup's does, keeps every dead row and every
/// dead index entry alive. Queues that look for work from the start drown in them.
@Suite(.ownThread, .serialized)
struct LongTransactionTests {
    private static let isFull = unsafe getenv("RELAIS_FULL").map { unsafe strcmp($0, "1") } == 0

    private let database: WorkDatabase
    private let connection: Connection
    private let tasks: Tasks
    private let queue = "flow"

    init() throws {
        database = try WorkDatabase()
        connection = database.connect()
        tasks = Tasks(connection)
    }

    private func enqueue(_ count: Int) throws {
        for _ in 0..<(count / 1000) { try tasks.enqueue(NewTask.some(1000, in: queue)) }
    }

    /// Tasks in a second, through two workers.
    private func flow(_ count: Int, batch: Int) throws -> Double {
        try enqueue(count)
        let queue = queue
        let spent = ContinuousClock().measure {
            runTogether(2, on: database) { _, connection in
                _ = try Tasks(connection).drain(queue, batch: batch)
            }
        }
        return Double(count) / (spent / .seconds(1))
    }

    /// Runs `body` while a transaction is open that began before it.
    private func whileAnotherReads(_ body: () throws -> Void) throws {
        let reader = try database.connectAsOwner()
        let options = TransactionOptions(isolation: .repeatableRead, isReadOnly: true)
        let result = try reader.transaction(options) {
            (transaction) throws(DatabaseError) -> Result<Void, any Error> in
            try transaction.query("SELECT count(*) FROM relais.workspace")
            return Result { try body() }
        }
        try result.get()
    }

    /// What the server does for one claim, and how many pages it touches; nothing is claimed.
    private func plan(_ search: ClaimFront.Search) throws -> (text: String, pages: Int) {
        let claim = TaskSQL.claim(queue, 50, .seconds(60), search, worker: nil)
        let lines = try connection.transaction { (transaction) throws(DatabaseError) -> [String] in
            transaction.abandon()
            return try transaction.pipeline([
                PlatformScope.statement,
                Statement("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + claim.sql, claim.parameters),
            ])[1].column("QUERY PLAN")
        }
        let buffers = try #require(lines.first { $0.contains("Buffers: shared") })
        let pages = buffers.split { !$0.isNumber }.compactMap { Int($0) }.first
        return (lines.joined(separator: "\n"), try #require(pages))
    }

    @Test func aClaimGoesOnBehindTheDead() throws {
        try whileAnotherReads {
            _ = try flow(20_000, batch: 500)
            var front = ClaimFront()
            try enqueue(1000)
            let claimed = try tasks.claim(queue, limit: 50, lease: .seconds(60), front: &front)
            #expect(claimed.tasks.count == 50)
            let fresh = try plan(.line(ClaimFront().positions))
            let turns = try plan(ClaimFront().search(at: .now))
            let going = try plan(.line(front.positions))
            for (plan, index) in [(fresh, "claim"), (turns, "turn"), (going, "claim")] {
                #expect(plan.text.contains("Index Scan using task_\(index) on task"))
                #expect(!plan.text.contains("Seq Scan"))
            }
            #expect(going.pages < 1000)
            #expect(fresh.pages > 3 * going.pages)
        }
    }

    /// A number that the server has counted so far, with what every worker did.
    private func counted(_ sql: String) throws -> Int {
        try connection.query("SELECT pg_stat_force_next_flush()")
        let reader = try database.connectAsOwner()
        // A server process reports what it did before it is gone.
        let others = """
            SELECT FROM pg_stat_activity WHERE datname = current_database()
                AND query LIKE '%SKIP LOCKED%' AND pid <> pg_backend_pid()
            """
        while try !reader.query(Statement(others)).isEmpty { usleep(1000) }
        return try reader.query(Statement(sql))[0].get("number")
    }

    /// Entries of the claims' indexes that were read so far, live and dead.
    private func entriesRead() throws -> Int {
        try counted(
            """
            SELECT sum(idx_tup_read)::bigint AS number FROM pg_stat_user_indexes
            WHERE indexrelname IN ('task_claim', 'task_turn')
            """
        )
    }

    /// Pages of the tasks and their indexes that were looked at so far.
    private func pagesRead() throws -> Int {
        try counted(
            """
            SELECT (heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::bigint
                AS number
            FROM pg_statio_user_tables WHERE relname = 'task'
            """
        )
    }

    @Test func claimsDoNotReadWhatIsDead() throws {
        let count = 20_000
        try whileAnotherReads {
            let before = try entriesRead()
            _ = try flow(count, batch: 20)
            let read = try entriesRead() - before
            // Each claim from the start would read 10,000 dead entries, and all claims ten million.
            #expect((count...100 * count).contains(read))
        }
    }

    /// By default what the server does is counted, which no other use of the machine changes; the
    /// long form, for a quiet machine, takes the time too.
    @Test func theFlowDoesNotSlowDown() throws {
        let count = Self.isFull ? 100_000 : 20_000
        _ = try flow(2000, batch: 50)
        let start = try pagesRead()
        let free = try flow(count, batch: 50)
        let freePages = try pagesRead() - start
        try whileAnotherReads {
            let busy = try flow(count, batch: 50)
            let busyPages = try pagesRead() - start - freePages
            print("pages for \(count) tasks: \(freePages), beside a transaction: \(busyPages)")
            #expect(busyPages < 2 * freePages)
            #expect(!Self.isFull || busy > 0.7 * free)
        }
    }
}
