import SeededRandom
import Testing
import Work

@testable import Sending

struct SpacingTests {
    @Test("however a process is held up, in no span of time does more go than the rate allows")
    func conforms() {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            let burst = Int.random(in: 1...6, using: &random)
            let interval = Duration.milliseconds(Int.random(in: 1...50, using: &random))
            var now = ContinuousClock.now
            var spacing = Spacing(RateLimit(interval: interval, burst: burst), now: now)
            var sent: [ContinuousClock.Instant] = []
            for _ in 0..<200 {
                // It sends as soon as it may, but is held up now and then.
                now = max(now, spacing.next)
                if Int.random(in: 0..<4, using: &random) == 0 {
                    now += .milliseconds(Int.random(in: 0...300, using: &random))
                }
                spacing.take(now: now)
                sent.append(now)
            }
            for first in sent.indices {
                for last in first..<sent.count {
                    // A quarter of an interval at most is forgiven.
                    let allowed = burst + Int((sent[last] - sent[first]) / interval + 0.25)
                    #expect(last - first + 1 <= allowed, "seed \(seed)")
                }
            }
        }
    }
}
