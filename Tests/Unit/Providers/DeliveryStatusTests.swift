import Providers
import Testing

@Suite struct DeliveryStatusTests {
    @Test(arguments: DeliveryStatus.allCases)
    func neverMovesDown(status: DeliveryStatus) {
        for other in DeliveryStatus.allCases {
            #expect(status.merged(with: other) >= status)
            #expect(status.merged(with: other) == other.merged(with: status))
            #expect(status.merged(with: other).merged(with: other) == status.merged(with: other))
        }
    }

    @Test(arguments: [
        ([DeliveryStatus.accepted, .failed], DeliveryStatus.failed),
        ([.sent, .failed], .failed),
        ([.failed, .sent], .failed),
        ([.delivered, .failed], .delivered),
        ([.failed, .read, .sent], .read),
        ([.read, .delivered], .read),
        ([.queued], .queued),
    ])
    func foldsAsTheLatticeSays(seen: [DeliveryStatus], final: DeliveryStatus) {
        #expect(fold(seen) == final)
    }

    @Test func orderAndRepetitionDoNotMatter() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let seen = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                DeliveryStatus.allCases.randomElement(using: &random) ?? .queued
            }
            let again = (seen + seen.filter { _ in Bool.random(using: &random) })
                .shuffled(using: &random)
            #expect(fold(seen) == fold(again), "seed \(seed): \(seen) and \(again)")
        }
    }

    private func fold(_ seen: [DeliveryStatus]) -> DeliveryStatus {
        seen.dropFirst().reduce(seen[0]) { $0.merged(with: $1) }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
