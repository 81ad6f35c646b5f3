import Providers
import Testing

@Suite struct PacingTests {
    @Test(arguments: Pacing.presets.map(\.name))
    func keepsEveryGapWithinItsBounds(name: String) throws {
        let pacing = try #require(Pacing.presets.first { $0.name == name }).pacing
        for sent in [0, 29, 30, 79, 80, 199, 200, 499, 500, 100_000] {
            for random in [0, 0.25, 0.5, 0.999_999] {
                let gap = pacing.gap(sent: sent, random: random)
                #expect(gap >= pacing.leastGap && gap > .zero)
                #expect(gap <= max(.seconds(35), pacing.interval + pacing.jitter))
            }
        }
    }

    @Test(arguments: [
        ("meta", 80.0), ("meta-high-throughput", 1000), ("meta-coexistence", 20), ("respondio", 80),
        ("prudent", 25.0 / 60),
    ])
    func sendsAsFastAsItsNameSays(name: String, perSecond: Double) throws {
        let pacing = try #require(Pacing.presets.first { $0.name == name }).pacing
        let gap = pacing.gap(sent: 1_000_000, random: 0.5)
        #expect(
            abs(
                Double(gap.components.attoseconds) / 1e18 + Double(gap.components.seconds) - 1
                    / perSecond
            ) < 1e-9
        )
    }

    @Test func namesEachPresetOnce() {
        #expect(Set(Pacing.presets.map(\.name)).count == Pacing.presets.count)
    }

    @Test(arguments: [(22, false), (23, true), (0, true), (5, true), (6, false), (12, false)])
    func keepsQuietAcrossMidnight(hour: Int, isQuiet: Bool) {
        #expect(Pacing.wassenger.quietHours?.contain(hour: hour) == isQuiet)
    }

    @Test func growsWithWhatTheNumberHasSent() {
        #expect(Pacing.gentle.gap(sent: 0, random: 0) == .seconds(25))
        #expect(Pacing.gentle.gap(sent: 30, random: 0) == .seconds(20))
        #expect(Pacing.gentle.gap(sent: 500, random: 0.5) == .seconds(26))
    }

    @Test(arguments: Provider.allCases)
    func startsEveryChannelWithAPreset(provider: Provider) {
        #expect(Pacing.presets.contains { $0.pacing == provider.defaultPacing })
    }
}
