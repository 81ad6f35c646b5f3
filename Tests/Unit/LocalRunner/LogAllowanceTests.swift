import Testing

@testable import LocalRunner

@Suite struct LogAllowanceTests {
    @Test func takesSoManyLinesAndCountsTheRest() {
        var allowance = LogAllowance()
        let taken = (0..<LogAllowance.linesPerTick + 7).count { _ in allowance.take(1) }
        #expect(taken == LogAllowance.linesPerTick)
        #expect(allowance.refill() == 7)
    }

    @Test func takesSoManyBytesHoweverFewTheLines() {
        var allowance = LogAllowance()
        let taken = (0..<20).count { _ in allowance.take(LogAllowance.bytesPerTick / 10) }
        #expect(taken == 10)
        #expect(allowance.refill() == 10)
    }

    @Test func isFullAgainAfterEachInterval() {
        var allowance = LogAllowance()
        while allowance.take(1) {}
        #expect(allowance.refill() == 1)
        let isTaken = allowance.take(LogAllowance.bytesPerTick)
        #expect(isTaken)
        #expect(allowance.refill() == nil)
    }
}
