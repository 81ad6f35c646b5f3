import SeededRandom
import Testing
import Work

struct BackOffTests {
    private let backOff = BackOff(first: .seconds(4), longest: .seconds(60))

    @Test(arguments: [
        (1, 1.0, 4.0), (2, 1, 8), (4, 1, 32), (5, 1, 60), (6, 1, 60), (1, 0, 2), (5, 0, 30),
        (1, 0.5, 3), (1000, 1, 60), (.max, 0.5, 45),
    ])
    func doublesUpToItsLimitAndIsSpread(_ attempt: Int, _ random: Double, _ seconds: Double) {
        #expect(backOff.pause(after: attempt, random: random) == .seconds(seconds))
    }

    @Test func neverWaitsLessThanHalf() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<1000 {
            let attempt = Int.random(in: 1...40, using: &random)
            let pause = backOff.pause(after: attempt, random: .random(in: 0...1, using: &random))
            #expect(pause >= .seconds(2) && pause <= .seconds(60), "seed 7, attempt \(attempt)")
        }
    }
}
