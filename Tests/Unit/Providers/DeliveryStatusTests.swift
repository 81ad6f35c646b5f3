import Providers
import SeededRandom
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
        var random = SeededRandom(seed: seed)
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
