import Measurement
import Testing

@Suite struct BudgetTests {
    private let budget = Budget(ratios: ["bare-c": 0.3, "fcgiwrap": 15])

    @Test(arguments: [
        (30.0, [Measured("bare-c", 100), Measured("fcgiwrap", 2)], true),
        (29, [Measured("bare-c", 100), Measured("fcgiwrap", 1)], false),
        (30, [Measured("bare-c", 100), Measured("fcgiwrap", 2.1)], false),
        (30, [Measured("bare-c", 100)], true),
        (1, [Measured("node", 100)], true),
    ])
    func holdsAgainstThePeersThatWereMeasured(ours: Double, peers: [Measured], isMet: Bool) {
        #expect(budget.isMet(ours: ours, peers: peers, direction: .higherIsBetter) == isMet)
    }

    @Test func aLimitHoldsWithoutAnyPeer() {
        let budget = Budget(ratios: ["fcgiwrap": 1], limit: 6)
        #expect(budget.isMet(ours: 6, peers: [], direction: .lowerIsBetter))
        #expect(!budget.isMet(ours: 6.1, peers: [], direction: .lowerIsBetter))
        let slower = [Measured("fcgiwrap", 5.9)]
        #expect(!budget.isMet(ours: 6, peers: slower, direction: .lowerIsBetter))
    }

    @Test func readsAsAPromise() {
        let budget = Budget(ratios: ["fcgiwrap": 1], limit: 6)
        let words = budget.words(unit: "ms", direction: .lowerIsBetter)
        #expect(words == "≤ 6 ms, ≥ 1 × fcgiwrap")
    }
}
