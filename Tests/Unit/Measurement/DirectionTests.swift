import Measurement
import Testing

@Suite struct DirectionTests {
    @Test("a ratio above 1 means that ours is better, for every unit")
    func ratioIsOriented() {
        #expect(Direction.higherIsBetter.ratio(ours: 200, peer: 100) == 2)
        #expect(Direction.lowerIsBetter.ratio(ours: 2, peer: 6) == 3)
        #expect(Direction.lowerIsBetter.ratio(ours: 6, peer: 3) == 0.5)
    }

    @Test func aLimitIsWithinItself() {
        #expect(Direction.higherIsBetter.isWithin(1000, 1000))
        #expect(!Direction.higherIsBetter.isWithin(1000, 999.9))
        #expect(Direction.lowerIsBetter.isWithin(6, 6))
        #expect(!Direction.lowerIsBetter.isWithin(6, 6.1))
    }
}
