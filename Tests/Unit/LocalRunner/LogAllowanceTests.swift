import Testing

@testable import LocalRunner

@Suite struct LogAllowanceTests {
    @Test func takesSoManyLinesAndCountsTheRest() {
        var allowance = LogAllowance()
        let taken = (0..<LogAllowance.linesPerTick + 7).count { _ in allowance.take() }
        #expect(taken == LogAllowance.linesPerTick)
        #expect(allowance.refill() == 7)
    }

    @Test func isFullAgainAfterEachInterval() {
        var allowance = LogAllowance()
        while allowance.take() {}
        #expect(allowance.refill() == 1)
        let isTaken = allowance.take()
        #expect(isTaken)
        #expect(allowance.refill() == nil)
    }
}
