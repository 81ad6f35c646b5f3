import Database
import FunctionContract
import Testing
import Work

@Suite(.ownThread)
struct DedupeTests {
    private static let database = Result { try WorkDatabase() }

    private let tasks: Tasks
    private let queue = UUID.v7().description

    init() throws {
        tasks = Tasks(try Self.database.get().connect())
    }

    private func task(_ payload: String, key: String? = "k") -> NewTask {
        var task = NewTask(queue: queue, kind: "sum", payload: payload, workspace: nil)
        task.dedupeKey = key
        return task
    }

    @Test func ofTheSameKeyOnlyTheFirstIsKept() throws {
        #expect(try tasks.enqueue([task("1"), task("2"), task("3", key: nil)]) == 2)
        #expect(try tasks.enqueue([task("4")]) == 0)
        #expect(try tasks.claimAfresh(queue).map(\.payload) == ["1", "3"])
    }

    @Test func theKeyIsFreeOnceTheTaskIsFinished() throws {
        try tasks.enqueue([task("1")])
        let claimed = try tasks.claimAfresh(queue)
        #expect(try tasks.enqueue([task("2")]) == 0)
        _ = try tasks.finish(claimed.map { TaskOutcome($0.lease, .done) })
        #expect(try tasks.enqueue([task("2")]) == 1)
    }

    @Test func theKeysOfQueuesAreApart() throws {
        var other = task("2")
        other.queue += " other"
        #expect(try tasks.enqueue([task("1"), other]) == 2)
    }

    @Test func aReplacementTakesThePlaceOfAWaitingTask() throws {
        try tasks.enqueue([task("1")])
        try tasks.enqueue([task("2"), task("3")], whenPresent: .replace)
        let claimed = try tasks.claimAfresh(queue)
        #expect(claimed.map(\.payload) == ["3"])
    }

    @Test(arguments: [
        Outcome.done, .retry(after: .seconds(3600), error: "x"), .refused(error: "x"),
    ])
    func aTaskReplacedWhileItRunsRunsAgain(_ outcome: Outcome) throws {
        try tasks.enqueue([task("1")])
        let first = try tasks.claimAfresh(queue)
        try tasks.enqueue([task("2")], whenPresent: .replace)
        #expect(try tasks.claimAfresh(queue).isEmpty)
        let settlement = try tasks.finish(first.map { TaskOutcome($0.lease, outcome) })
        #expect(settlement.retried == 1 && settlement.stale.isEmpty)
        let second = try tasks.claimAfresh(queue)
        #expect(second.map(\.payload) == ["2"] && second.map(\.attempt) == [1])
        #expect(try tasks.finish(second.map { TaskOutcome($0.lease, .done) }).done == 1)
    }

    @Test func manyAtOnceStillMakeOne() throws {
        let keys = (0..<50).map { "key \($0)" }
        let queue = queue
        runTogether(8, on: try Self.database.get()) { _, connection in
            for whenPresent in [NewTask.WhenPresent.keep, .replace] {
                let batch = keys.shuffled().map { key in
                    var task = NewTask(queue: queue, kind: "sum", workspace: nil)
                    task.dedupeKey = key
                    return task
                }
                try Tasks(connection).enqueue(batch, whenPresent: whenPresent)
            }
        }
        #expect(try tasks.claimAfresh(queue).count == 50)
    }
}
