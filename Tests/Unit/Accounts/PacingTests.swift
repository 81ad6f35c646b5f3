import SeededRandom
import Testing
import Work

@testable import Accounts

struct PacingTests {
    @Test("the time between two messages varies around the gap, and never below the ceiling")
    func varies() {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        let pacing = PacingPreset.wassenger.pacing
        for _ in 0..<1000 {
            let pause = pacing.pause(
                afterMessage: 1,
                random: Double.random(in: 0...1, using: &random)
            )
            #expect(pause >= pacing.ceiling.interval, "seed \(seed)")
            #expect(pause <= .seconds(30), "seed \(seed)")
        }
        #expect(pacing.pause(afterMessage: 1, random: 0.5) == .seconds(25))
    }

    @Test("after a full lot comes the long pause")
    func lots() {
        let pacing = PacingPreset.wassenger.pacing
        #expect(pacing.pause(afterMessage: 24, random: 0.5) == .seconds(25))
        #expect(pacing.pause(afterMessage: 25, random: 0.5) == .seconds(300))
        #expect(pacing.pause(afterMessage: 26, random: 0.5) == .seconds(300))
    }

    @Test(
        "a preset keeps within what its provider allows",
        arguments: zip(
            PacingPreset.allCases,
            [80, 1000, 20, 5, 0.416_667, 0.05, 0.2, 0.054_945]
        )
    )
    func presets(preset: PacingPreset, perSecond: Double) {
        let ceiling = preset.pacing.ceiling
        #expect(abs(.seconds(1) / ceiling.interval - perSecond) < 0.001 * perSecond)
        #expect(preset.pacing.goesOneByOne == [.wassenger, .steady, .gentle].contains(preset))
    }
}
