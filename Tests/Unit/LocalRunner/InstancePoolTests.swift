import Testing

@testable import LocalRunner

@Suite struct InstancePoolTests {
    @Test(arguments: PoolScenario.all)
    func follows(_ scenario: PoolScenario) {
        var pool = InstancePool(rules: scenario.rules)
        for step in scenario.steps {
            let actions = pool.handle(step.event, now: step.time).map(\.words)
            #expect(
                actions.joined(separator: ", ") == step.actions,
                "at \(step.time): \(step.event)"
            )
        }
    }

    @Test func trapsOnAnInstanceThatItDoesNotHave() async {
        await #expect(processExitsWith: .failure) {
            var pool = InstancePool(rules: .sample())
            _ = pool.handle(.replied(7), now: 0)
        }
        await #expect(processExitsWith: .failure) {
            var pool = InstancePool(rules: .sample())
            _ = pool.handle(.exited(7), now: 0)
        }
        await #expect(processExitsWith: .failure) {
            var pool = InstancePool(rules: .sample { $0.prewarmed = 1 })
            _ = pool.handle(.tick, now: 0)
            _ = pool.handle(.replied(1), now: 1)
        }
    }

    @Test func rulesOfOneProcessPerEventComeFromTheFraming() {
        let triggers = #""triggers": [{ "queue": { "name": "a" } }]"#
        let concurrency = #""concurrency": { "batch": 9, "prewarmed": 2, "recycleAfter": 50 }"#
        let stream = InstancePool.Rules(Sample.manifest("a", "\(triggers), \(concurrency)"))
        #expect((stream.batch, stream.prewarmed, stream.recycleAfter) == (9, 2, 50))
        let oneShot = InstancePool.Rules(
            Sample.manifest("a", #"\#(triggers), \#(concurrency), "framing": "one-shot""#)
        )
        #expect((oneShot.batch, oneShot.prewarmed, oneShot.recycleAfter) == (1, 0, 1))
    }

    @Test func rulesCountInMilliseconds() {
        let rules = InstancePool.Rules(
            Sample.manifest(
                "a",
                #"""
                "triggers": [{ "queue": { "name": "a" } }], "timeoutSeconds": 7,
                "concurrency": { "max": 3, "queue": 9, "queueSeconds": 2, "idleSeconds": 60 }
                """#
            )
        )
        #expect((rules.max, rules.queueLimit) == (3, 9))
        #expect((rules.timeout, rules.queueTime, rules.idleTime) == (7_000, 2_000, 60_000))
    }

    @Test(arguments: UInt64(1)...8, [1, 3])
    func keepsItsPromisesOnARandomWalk(_ walk: UInt64, batch: Int) {
        let seed = walk == 8 ? UInt64.random(in: .min ... .max) : walk
        let walker = PoolWalker(seed: seed, batch: batch)
        for _ in 0..<12_500 { walker.step() }
        walker.finish()
        #expect(walker.broken.isEmpty, "seed \(seed): \(walker.broken.prefix(3))")
        // A walk that went nowhere proves nothing.
        #expect(walker.outcomes.values.allSatisfy { $0 > 0 }, "seed \(seed): \(walker.outcomes)")
    }
}
