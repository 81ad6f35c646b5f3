import SeededRandom
import Testing

@testable import LocalRunner

@Suite struct QueueTriggerTests {
    @Test(arguments: QueueScenario.all)
    func follows(_ scenario: QueueScenario) {
        var trigger = QueueTrigger(max: scenario.max)
        for step in scenario.steps {
            let calls = trigger.handle(step.event, now: step.time)
            #expect(calls == step.calls, "at \(step.time): \(step.event)")
        }
    }

    @Test func waitsNoLongerThanAMinuteAfterAnyNumberOfFailures() {
        var trigger = QueueTrigger(max: 1)
        var now: Milliseconds = 0
        #expect(trigger.handle(.hint, now: now) == 1)
        for _ in 0..<20 {
            #expect(trigger.handle(.failed, now: now) == 0)
            now += 60_000
            #expect(trigger.handle(.tick, now: now) == 1)
        }
        #expect(trigger.handle(.finished(processed: 1, remaining: 0), now: now) == 0)
        #expect(trigger.handle(.hint, now: now) == 1)
        #expect(trigger.handle(.failed, now: now) == 0)
        #expect(trigger.handle(.tick, now: now + 1_000) == 1)
    }

    @Test func aFunctionThatMayHaveFewerCallsNowGetsFewer() {
        var trigger = QueueTrigger(max: 4)
        #expect(trigger.handle(.depth(9), now: 0) == 4)
        trigger.max = 1
        for _ in 0..<3 {
            #expect(trigger.handle(.finished(processed: 1, remaining: 9), now: 1) == 0)
        }
        #expect(trigger.handle(.finished(processed: 1, remaining: 9), now: 1) == 1)
    }

    @Test(arguments: UInt64(1)...8)
    func keepsItsPromisesOnARandomWalk(_ walk: UInt64) {
        let seed = walk == 8 ? UInt64.random(in: .min ... .max) : walk
        var walker = QueueWalker(seed: seed)
        for _ in 0..<20_000 { walker.step() }
        #expect(walker.broken.isEmpty, "seed \(seed): \(walker.broken.prefix(3))")
        #expect(walker.done > 1_000, "seed \(seed): a walk that did nothing proves nothing")
    }
}

/// A queue with tasks, calls that work on them, and a trigger in between.
private struct QueueWalker {
    private(set) var broken: [String] = []
    private(set) var done = 0
    private var trigger: QueueTrigger
    private var random: SeededRandom
    private var now: Milliseconds = 0
    private var running = 0
    private var tasks = 0
    private let max = 4
    /// Since when there is work that nobody works on.
    private var neglectedSince: Milliseconds?

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        trigger = QueueTrigger(max: max)
    }

    mutating func step() {
        now += random.next() % 50
        switch random.next() % 12 {
        case 0:
            tasks += Int(random.next() % 20)
            // One hint of three is lost.
            if random.next() % 3 > 0 { tell(.hint) }
        case 1: tell(.depth(tasks))
        case 2..<6: finish()
        case 6: if random.next() % 4 == 0 { fail() }
        default: tell(.tick)
        }
        look()
    }

    private mutating func finish() {
        guard running > 0 else { return }
        running -= 1
        let processed = min(tasks, Int(random.next() % 8))
        tasks -= processed
        done += processed
        tell(.finished(processed: processed, remaining: tasks))
    }

    private mutating func fail() {
        guard running > 0 else { return }
        running -= 1
        tell(.failed)
    }

    private mutating func tell(_ event: QueueTrigger.Event) {
        let count = trigger.handle(event, now: now)
        running += count
        if running > max { broken.append("at \(now): \(running) calls") }
        if trigger.running != running { broken.append("at \(now): \(running) uncounted") }
    }

    /// Polling finds what hints lost, and no pause is longer than a minute.
    private mutating func look() {
        guard tasks > 0, running == 0 else {
            neglectedSince = nil
            return
        }
        let since = neglectedSince ?? now
        neglectedSince = since
        if now - since > 61_000 { broken.append("at \(now): work and no call since \(since)") }
    }
}
