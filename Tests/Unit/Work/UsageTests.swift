import SeededRandom
import Testing
import Work

struct UsageTests {
    @Test(arguments: [
        (0, Usage.Level.ok), (750, .ok), (751, .attention), (900, .attention), (901, .danger),
        (1000, .danger), (1001, .blocked),
    ])
    func theLevelRisesWithUse(_ used: Int, _ level: Usage.Level) {
        #expect(Usage(used: used, cap: 1000).level == level)
    }

    @Test func withoutAnAllowanceEverythingIsBlocked() {
        #expect(Usage(used: 0, cap: 0).level == .blocked)
    }

    @Test(arguments: [
        (0, 1000, 0.0, 1000), (400, 1000, 0.5, 400), (400, 1000, 0.2, 500), (999, 1000, 0.5, 0),
        (1000, 1000, 0, 0), (1200, 1000, 0, 0), (1200, 1000, 0.5, 0), (1, 1000, 1, 499),
    ])
    func remainingCapacityLeavesRoomForReplies(
        _ used: Int,
        _ cap: Int,
        _ rate: Double,
        _ capacity: Int
    ) {
        #expect(Usage(used: used, cap: cap).remainingCapacity(interactionRate: rate) == capacity)
    }

    @Test func remainingCapacityIsNeverNegativeAndFitsWithItsReplies() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            let usage = Self.usage(&random)
            let rate = Double(Int.random(in: 0...300, using: &random)) / 100
            let capacity = usage.remainingCapacity(interactionRate: rate)
            let room = Double(max(0, usage.cap - usage.used))
            let clue: Comment = "seed \(seed): \(usage), \(rate)"
            #expect(capacity >= 0, clue)
            #expect(Double(capacity) * (1 + rate) <= room + 1e-6, clue)
            #expect(Double(capacity + 1) * (1 + rate) > room - 1e-6, clue)
        }
    }

    @Test func theLevelNeverFallsWhileUseRisesAndFollowsTheShares() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            let usage = Self.usage(&random)
            let share = Double(usage.used) * 100
            let cap = Double(usage.cap)
            let expected: Usage.Level =
                if usage.cap == 0 || share > 100 * cap { .blocked } else if share > 90 * cap {
                    .danger
                } else if share > 75 * cap { .attention } else { .ok }
            #expect(usage.level == expected, "seed \(seed): \(usage)")
        }
    }

    /// Near the edges as often as anywhere else.
    private static func usage(_ random: inout SeededRandom) -> Usage {
        let cap = [0, 1, 3, 180, 1000, 1_000_000].randomElement(using: &random) ?? 0
        let edge = [0, 75, 90, 100, 150].randomElement(using: &random) ?? 0
        let used =
            Bool.random(using: &random)
            ? cap * edge / 100 + Int.random(in: -1...1, using: &random)
            : Int.random(in: 0...(2 * cap), using: &random)
        return Usage(used: max(0, used), cap: cap)
    }
}
