import Testing

@testable import LocalRunner

@Suite struct PauseTests {
    @Test func doublesUpToItsLimitAndStartsAfresh() {
        var pause = Pause(first: 100, longest: 500)
        #expect(pause.isOver(0) && !pause.isNeeded)
        var now: Milliseconds = 1_000
        for length: Milliseconds in [100, 200, 400, 500, 500] {
            pause.lengthen(now)
            #expect(!pause.isOver(now + length - 1))
            #expect(pause.isOver(now + length))
            now += length
        }
        #expect(pause.isNeeded)
        pause.reset()
        #expect(pause.isOver(now) && !pause.isNeeded)
        pause.lengthen(now)
        #expect(pause.isOver(now + 100))
    }

    @Test func whatHappensTogetherCountsOnce() {
        var pause = Pause(first: 100, longest: 500)
        for moment: Milliseconds in 0..<100 { pause.lengthen(moment) }
        #expect(pause.isOver(100))
        pause.lengthen(100)
        #expect(!pause.isOver(299) && pause.isOver(300))
    }
}
