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
}
