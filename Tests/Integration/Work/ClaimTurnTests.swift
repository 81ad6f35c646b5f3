import Database
import FunctionContract
import SeededRandom
import Synchronization
import Testing

@testable import Work

/// A flood of one tenant's tasks delays no other tenant's.
@Suite("Tenants take turns", .ownThread)
struct ClaimTurnTests {
    private static let database = Result { try WorkDatabase() }

    private let tasks: Tasks
    private let queue = UUID.v7().description

    init() throws {
        tasks = Tasks(try Self.database.get().connect())
    }

    /// One claim by turns, from the tenant after `tenant`.
    private func claim(_ limit: Int, after tenant: UUID) throws -> Claim {
        var front = ClaimFront(after: tenant)
        return try tasks.claim(queue, limit: limit, lease: .seconds(60), front: &front)
    }

    private func enqueue(_ count: Int, of tenant: UUID?, age: Int = 0) throws {
        try tasks.enqueue(
            NewTask.some(count, in: queue, workspace: tenant).map { task in
                var task = task
                task.runAt = .now - .seconds(60 + age)
                return task
            }
        )
    }

    private func tenant(_ number: UInt64) -> UUID { UUID(high: number << 32, low: number) }

    @Test("A claim gives each tenant with due tasks the same share")
    func shares() throws {
        try enqueue(1_000, of: tenant(1), age: 3_600)
        try enqueue(3, of: tenant(2))
        try enqueue(1_000, of: nil, age: 1_800)
        let claim = try claim(9, after: tenant(1))
        let turns: [UUID?] = [tenant(2), nil, tenant(1)]
        let expected = turns.flatMap { [$0, $0, $0] }
        #expect(claim.tasks.map(\.workspace) == expected)
        #expect(claim.isFull && claim.isByTurns)
    }

    @Test("A single tenant gets the whole claim, urgent tasks first")
    func alone() throws {
        try enqueue(20, of: tenant(1))
        var urgent = NewTask(queue: queue, kind: "urgent", workspace: tenant(1))
        urgent.priority = .urgent
        try tasks.enqueue([urgent])
        let claim = try claim(10, after: tenant(5))
        #expect(claim.tasks.count == 10 && claim.tasks[0].kind == "urgent")
        #expect(claim.isFull)
        let rest = try self.claim(20, after: tenant(5))
        #expect(rest.tasks.count == 11 && !rest.isFull)
    }

    @Test("Tenants without free due tasks take no turn")
    func passes() throws {
        var later = NewTask(queue: queue, kind: "later", workspace: tenant(1))
        later.runAt = .now + .seconds(3_600)
        try tasks.enqueue([later])
        try enqueue(1, of: tenant(2))
        #expect(try claim(1, after: tenant(0)).tasks.map(\.workspace) == [tenant(2)])
        try enqueue(1, of: tenant(3))
        #expect(try claim(1, after: tenant(0)).tasks.map(\.workspace) == [tenant(3)])
        #expect(try claim(1, after: tenant(0)).tasks.isEmpty)
    }

    @Test("Workers together hold no more tasks of a tenant than its limit")
    func limited() throws {
        let (flooding, quiet) = (tenant(1), tenant(2))
        try enqueue(40, of: flooding, age: 3_600)
        try enqueue(1, of: quiet)
        let queue = queue
        let claimed = Mutex<[ClaimedTask]>([])
        runTogether(8, on: try Self.database.get()) { _, connection in
            var front = ClaimFront()
            let tasks = Tasks(connection, tenantLimit: 2)
            let claim = try tasks.claim(queue, limit: 1, lease: .seconds(600), front: &front)
            claimed.withLock { $0 += claim.tasks }
        }
        let first = claimed.withLock { $0 }
        #expect(first.filter { $0.workspace == flooding }.count == 2)
        #expect(first.filter { $0.workspace == quiet }.count == 1)
        var front = ClaimFront()
        let limited = Tasks(try Self.database.get().connect(), tenantLimit: 3)
        let more = try limited.claim(queue, limit: 10, lease: .seconds(600), front: &front)
        #expect(more.tasks.map(\.workspace) == [flooding])
        let ended = TaskOutcome(try #require(more.tasks.first).lease, .done)
        let next = try limited.finish(
            [ended],
            thenClaim: queue,
            limit: 10,
            lease: .seconds(600),
            front: &front
        )
        #expect(next.settlement.done == 1 && next.claim.tasks.count == 1)
    }

    @Test("An expired lease does not count against its tenant")
    func lapsed() throws {
        try enqueue(3, of: tenant(1))
        let limited = Tasks(try Self.database.get().connect(), tenantLimit: 1)
        var front = ClaimFront()
        #expect(try limited.claim(queue, limit: 3, lease: .zero, front: &front).tasks.count == 1)
        let next = try limited.claim(queue, limit: 3, lease: .seconds(600), front: &front)
        #expect(next.tasks.map(\.attempt) == [2])
        let none = try limited.claim(queue, limit: 3, lease: .seconds(600), front: &front)
        #expect(none.tasks.isEmpty && !none.isFull)
    }

    @Test("Every tenant gets a turn before any gets a second one")
    func property() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var left: [UUID: Int] = [:]
        for number in 1...UInt64(12) {
            let count = Int.random(in: 1...30, using: &random)
            left[tenant(number)] = count
            try enqueue(count, of: tenant(number), age: Int.random(in: 0...9_999, using: &random))
        }
        var front = ClaimFront(
            after: tenant(UInt64.random(in: 0...13, using: &random)),
            lookShare: 0
        )
        var turns: [UUID: Int] = [:]
        while !left.isEmpty {
            let claim = try tasks.claim(queue, limit: 1, lease: .seconds(600), front: &front)
            let workspace = try #require(claim.tasks.first?.workspace, "seed \(seed)")
            turns[workspace, default: 0] += 1
            left[workspace, default: 0] -= 1
            if left[workspace] == 0 { left[workspace] = nil }
            let counts = left.keys.map { turns[$0, default: 0] }
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "seed \(seed)")
        }
        #expect(try tasks.claim(queue, limit: 1, lease: .zero, front: &front).tasks.isEmpty)
    }
}
