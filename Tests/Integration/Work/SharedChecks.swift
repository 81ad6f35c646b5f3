import Database
import FunctionContract
import SeededRandom
import Synchronization
import Testing
import Work

/// What must hold on every server and through every pooler.
extension WorkDatabase {
    /// Many workers on one queue: every task goes to exactly one of them.
    func expectEveryTaskIsClaimedOnce(_ count: Int, workers: Int, batch: Int) throws {
        let queue = UUID.v7().description
        let new = NewTask.some(count, in: queue)
        try Tasks(connect()).enqueue(new)
        let claimed = Mutex<[UUID]>([])
        runTogether(workers, on: self) { _, connection in
            let ids = try Tasks(connection).drain(queue, batch: batch)
            claimed.withLock { $0 += ids }
        }
        let ids = claimed.withLock { $0 }
        #expect(ids.count == count)
        #expect(Set(ids) == Set(new.map(\.id)))
    }

    /// In no span of time is more granted than the limit allows, however many take.
    func expectRateIsNeverExceeded(takes: Int, seed: UInt64) throws {
        let limit = RateLimit(interval: .microseconds(700), burst: 9)
        let key = RateKey(platform: UUID.v7().description)
        try Rates(connect()).set(key, limit)
        let times = Mutex<[Int64]>([])
        runTogether(8, on: self) { number, connection in
            var random = SeededRandom(seed: seed &+ UInt64(number))
            let rates = Rates(connection)
            for _ in 0..<takes {
                let grant = try #require(
                    try rates.take(
                        Int.random(in: 1...6, using: &random),
                        from: key,
                        within: .milliseconds(Int.random(in: 0...4, using: &random))
                    )
                )
                let used = (0..<grant.count).map { grant.time(of: $0).microseconds }
                times.withLock { $0 += used }
            }
        }
        let sorted = times.withLock { $0 }.sorted()
        #expect(sorted.count > limit.burst, "seed \(seed)")
        #expect(Self.firstExcess(in: sorted, interval: 700, burst: 9) == nil, "seed \(seed)")
    }

    /// The first span that holds more than `burst + span / interval` of the times.
    private static func firstExcess(
        in times: [Int64],
        interval: Int64,
        burst: Int
    ) -> ClosedRange<Int64>? {
        for first in times.indices {
            for last in times[first...].indices {
                let span = times[last] - times[first]
                if last - first + 1 > burst + Int(span / interval) {
                    return times[first]...times[last]
                }
            }
        }
        return nil
    }

    /// A day's allowance is given out to the last one, and not one more.
    func expectCounterStopsAtItsCap() throws {
        let counter = DailyCounter(
            key: UUID.v7().description,
            workspace: nil,
            timezone: "Africa/Libreville",
            cap: 500
        )
        let total = Mutex(0)
        runTogether(8, on: self) { number, connection in
            let counters = Counters(connection)
            var granted = 0
            repeat {
                granted = try counters.take(number + 1, from: counter).granted
                total.withLock { $0 += granted }
            } while granted > 0
        }
        #expect(total.withLock { $0 } == 500)
        #expect(try Counters(connect()).usage(of: counter) == Usage(used: 500, cap: 500))
    }

    /// Of all runners that try to start an instant, one does.
    func expectInstantsFireOnce() throws {
        let cron = try CronExpression("* * * * *")
        var schedule = Schedule(name: UUID.v7().description, cron: cron, timezone: "UTC")
        schedule.overlap = .allow
        let instants = (0..<10).map { Timestamp.now + .seconds(60 * $0) }
        let started = Mutex<[Timestamp]>([])
        runTogether(8, on: self) { [schedule] number, connection in
            let schedules = Schedules(connection)
            for instant in instants.shuffled() {
                let start = try schedules.start(instant, of: schedule, runner: "\(number)")
                #expect(start != .skip)
                if start == .run { started.withLock { $0.append(instant) } }
            }
        }
        #expect(started.withLock { $0.sorted() } == instants)
    }
}
