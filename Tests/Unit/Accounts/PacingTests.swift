import Providers
import SeededRandom
import Testing
import Work

@testable import Accounts

struct PacingTests {
    @Test("the time between two messages varies around the gap, and never below the ceiling")
    func varies() {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        let pacing = Pacing(Provider.wassenger.pacing[0])
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

    @Test("a full lot ends with the long pause")
    func lots() {
        let pacing = Pacing(Provider.wassenger.pacing[0])
        #expect(pacing.pause(afterMessage: 24, random: 0.5) == .seconds(25))
        #expect(pacing.pause(afterMessage: 25, random: 0.5) == .seconds(300))
        #expect(pacing.pause(afterMessage: 26, random: 0.5) == .seconds(300))
    }

    @Test(
        "each preset stays within its provider's limits",
        arguments: zip(
            PacingProfile.all,
            [80, 1000, 20, 5, 0.05, 0.054_945, 80, 0.416_667, 0.2]
        )
    )
    func presets(profile: PacingProfile, perSecond: Double) {
        let pacing = Pacing(profile)
        let ceiling = pacing.ceiling
        #expect(abs(.seconds(1) / ceiling.interval - perSecond) < 0.001 * perSecond)
        #expect(pacing.goesOneByOne == ["wassenger", "steady", "gentle"].contains(profile.name))
    }
}
