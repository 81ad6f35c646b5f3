import Database
import FunctionContract
import Testing
import Work

@Suite(.ownThread)
struct TaskTests {
    private static let database = Result { try WorkDatabase() }

    private let connection: Connection
    private let tasks: Tasks
    /// A queue of the test's own.
    private let queue = UUID.v7().description

    init() throws {
        connection = try Self.database.get().connect()
        tasks = Tasks(connection)
    }

    private func statistics() throws -> QueueStatistics {
        try #require(try tasks.statistics(of: [queue]).first)
    }

    private func enqueue(_ change: (inout NewTask) -> Void = { _ in }) throws -> NewTask {
        var task = NewTask(queue: queue, kind: "greet", payload: #"{"n": 1}"#, workspace: .v7())
        change(&task)
        try tasks.enqueue([task])
        return task
    }

    /// Claims the only task.
    private func claimOne(lease: Duration = .seconds(60)) throws -> ClaimedTask {
        let claimed = try tasks.claimAfresh(queue, lease: lease)
        try #require(claimed.count == 1)
        return claimed[0]
    }

    @Test func aTaskArrivesAsItWasEnqueued() throws {
        let task = try enqueue()
        let claimed = try claimOne()
        #expect(claimed.id == task.id)
        #expect(claimed.workspace == task.workspace)
        #expect(claimed.kind == "greet")
        #expect(claimed.payload == #"{"n": 1}"#)
        #expect(claimed.attempt == 1)
        #expect(claimed.lease.token == 1)
        #expect(claimed.lastError == nil)
    }

    @Test func enqueuedWithTheTransactionOrNotAtAll() throws {
        let workspace = UUID.v7()
        let options = TransactionOptions(
            identity: Identity(workspace: workspace, user: nil, role: .admin)
        )
        for isKept in [false, true] {
            try connection.transaction(options) { (transaction) throws(DatabaseError) in
                let new = NewTask.some(3, in: queue, workspace: workspace)
                try Tasks.enqueue(new, in: transaction)
                if !isKept { transaction.abandon() }
            }
            #expect(try statistics().ready == (isKept ? 3 : 0))
        }
    }

    @Test func enqueuingTheSameTaskTwiceIsEnqueuingItOnce() throws {
        let task = try enqueue()
        #expect(try tasks.enqueue([task]) == 0)
        #expect(try tasks.claimAfresh(queue).count == 1)
    }

    @Test func urgentTasksGoFirstAndThenTheOldest() throws {
        let now = Timestamp.now
        let expected = [(0, 5), (0, 1), (1, 9), (2, 7), (2, 3), (3, 8)]
        var new: [NewTask] = []
        for (priority, age) in expected.shuffled() {
            var task = NewTask(queue: queue, kind: "\(priority) \(age)", workspace: nil)
            task.priority = try #require(NewTask.Priority(rawValue: Int32(priority)))
            task.runAt = now - .seconds(age)
            new.append(task)
        }
        try tasks.enqueue(new)
        var front = ClaimFront()
        var order: [String] = []
        while let task = try tasks.claim(
            queue,
            limit: 1,
            lease: .seconds(60),
            front: &front
        ).tasks.first { order.append(task.kind) }
        #expect(order == expected.map { "\($0) \($1)" })
    }

    @Test func aTaskIsNotClaimedBeforeItsTime() throws {
        let later = Timestamp.now + .seconds(3600)
        _ = try enqueue { $0.runAt = later }
        #expect(try tasks.claimAfresh(queue).isEmpty)
        let statistics = try statistics()
        #expect(statistics.ready == 0)
        #expect(statistics.nextAt == later)
    }

    @Test func doneTasksLeaveAndAreCounted() throws {
        try tasks.enqueue(NewTask.some(5, in: queue))
        #expect(try tasks.drain(queue, batch: 2).count == 5)
        for _ in 0..<2 {
            let totals = try tasks.totals(since: .now - .seconds(7200)).filter { $0.queue == queue }
            #expect(totals.map(\.done).reduce(0, +) == 5)
            try tasks.sweep()
        }
        #expect(try statistics().leased == 0)
    }

    @Test func aFailedTaskWaitsAndCarriesItsError() throws {
        _ = try enqueue()
        let first = try claimOne()
        let failure = Outcome.retry(after: .zero, error: "busy")
        let settlement = try tasks.finish([TaskOutcome(first.lease, failure)])
        #expect(settlement.retried == 1 && settlement.stale.isEmpty)
        let second = try claimOne()
        #expect(second.attempt == 2)
        #expect(second.lease.token == 2)
        #expect(second.lastError == "busy")
        let later = Outcome.retry(after: .seconds(3600), error: "busy")
        _ = try tasks.finish([TaskOutcome(second.lease, later)])
        #expect(try tasks.claimAfresh(queue).isEmpty)
    }

    @Test func aMixedBatchIsSettledByEachOutcome() throws {
        try tasks.enqueue(
            NewTask.some(4, in: queue).enumerated().map { number, task in
                var task = task
                task.maxAttempts = number == 0 ? 1 : 9
                return task
            }
        )
        let claimed = try tasks.claimAfresh(queue)
        let settlement = try tasks.finish(
            zip(
                claimed,
                [
                    .retry(after: .zero, error: "last"), .retry(after: .zero, error: "again"),
                    .refused(error: "never"), .done,
                ]
            ).map { TaskOutcome($0.lease, $1) }
        )
        #expect(settlement.done == 1 && settlement.retried == 1 && settlement.dead == 2)
        #expect(settlement.stale.isEmpty)
        let dead = try tasks.dead(in: queue)
        #expect(Set(dead.map(\.reason)) == [.exhausted, .refused])
        #expect(Set(dead.map(\.lastError)) == ["last", "never"])
        #expect(try claimOne().lastError == "again")
    }

    @Test func aStaleFinishChangesNothing() throws {
        _ = try enqueue()
        let slow = try claimOne(lease: .zero)
        let quick = try claimOne()
        for outcome in [
            Outcome.done, .retry(after: .zero, error: "slow"), .refused(error: "slow"),
        ] {
            let settlement = try tasks.finish([TaskOutcome(slow.lease, outcome)])
            #expect(settlement.stale == [slow.id])
            #expect(settlement.done + settlement.retried + settlement.dead == 0)
        }
        try tasks.release([slow.lease])
        #expect(try tasks.extend([slow.lease], by: .seconds(60)) == [slow.id])
        #expect(try tasks.finish([TaskOutcome(quick.lease, .done)]).done == 1)
        #expect(try tasks.finish([TaskOutcome(quick.lease, .done)]).stale == [quick.id])
        #expect(try tasks.dead(in: queue).isEmpty)
    }

    @Test func aReleasedTaskIsReadyAtOnceAndItsLeaseIsOver() throws {
        _ = try enqueue()
        let first = try claimOne()
        try tasks.release([first.lease])
        #expect(try tasks.finish([TaskOutcome(first.lease, .done)]).stale == [first.id])
        let second = try claimOne()
        #expect(second.attempt == 1)
        #expect(second.lease.token == 2)
    }

    @Test func anExtendedLeaseHolds() throws {
        _ = try enqueue()
        let task = try claimOne(lease: .zero)
        #expect(try tasks.extend([task.lease], by: .seconds(60)).isEmpty)
        #expect(try tasks.claimAfresh(queue).isEmpty)
        #expect(try statistics().leased == 1)
    }

    @Test func leasesThatRunOutUseUpTheAttempts() throws {
        _ = try enqueue { $0.maxAttempts = 2 }
        #expect(try claimOne(lease: .zero).attempt == 1)
        #expect(try claimOne(lease: .zero).attempt == 2)
        var front = ClaimFront()
        let claim = try tasks.claim(queue, limit: 10, lease: .seconds(60), front: &front)
        #expect(claim.tasks.isEmpty && claim.buried == 1)
        let dead = try #require(try tasks.dead(in: queue).first)
        #expect(dead.reason == .exhausted && dead.attempts == 2)
        #expect(dead.lastError == "the lease ran out")
    }

    @Test func anExpiredTaskBecomesADeadLetterWhetherClaimedOrSwept() throws {
        for isClaimed in [true, false] {
            let task = try enqueue { $0.expiresAt = .now - .seconds(1) }
            if isClaimed {
                #expect(try tasks.claimAfresh(queue).isEmpty)
            } else {
                try tasks.sweep()
            }
            let dead = try #require(try tasks.dead(task.id))
            #expect(dead.reason == .expired && dead.payload == task.payload)
        }
        #expect(try statistics().dead == 2)
    }

    @Test func deadLettersAreListedRetriedAndDropped() throws {
        try tasks.enqueue(NewTask.some(3, in: queue))
        let claimed = try tasks.claimAfresh(queue)
        _ = try tasks.finish(claimed.map { TaskOutcome($0.lease, .refused(error: "no")) })
        let all = try tasks.dead(in: queue)
        #expect(all.count == 3)
        let first = try tasks.dead(in: queue, limit: 2)
        let rest = try tasks.dead(in: queue, before: first.last, limit: 2)
        #expect((first + rest).map(\.id) == all.map(\.id))
        #expect(try tasks.dropDead([all[0].id]) == 1)
        #expect(try tasks.retryDead([all[1].id]) == 1)
        #expect(try tasks.dead(in: queue).map(\.id) == [all[2].id])
        // The token goes on: a worker of the first life cannot finish the second.
        let again = try claimOne()
        #expect(again.id == all[1].id && again.attempt == 1 && again.lease.token == 2)
    }

    @Test func statisticsSeeEveryQueue() throws {
        try tasks.enqueue(NewTask.some(3, in: queue))
        _ = try tasks.claimAfresh(queue, limit: 1)
        let all = try tasks.statistics()
        let mine = try #require(all.first { $0.queue == queue })
        #expect(mine.ready == 2 && mine.leased == 1 && mine.dead == 0 && !mine.isCapped)
        #expect(try #require(mine.oldestReadyAge) < .seconds(60))
        #expect(all.map(\.queue) == all.map(\.queue).sorted())
    }

    @Test func statisticsStopCountingAtTheirLimit() throws {
        for _ in 0..<3 { try tasks.enqueue(NewTask.some(4000, in: queue)) }
        let statistics = try statistics()
        #expect(statistics.ready == QueueStatistics.countLimit && statistics.isCapped)
    }
}
