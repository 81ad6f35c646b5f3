import Database
import FunctionContract
import Testing

@testable import Work

struct RateGrantTests {
    private func grant(takenAt: Int64, firstAt: Int64) -> RateGrant {
        RateGrant(
            count: 4,
            takenAt: Timestamp(microseconds: takenAt),
            interval: .microseconds(100),
            firstAt: Timestamp(microseconds: firstAt),
            arrival: 0
        )
    }

    @Test func tokensOfABurstMayBeUsedAtOnce() {
        let grant = grant(takenAt: 1000, firstAt: 800)
        #expect((0..<4).map { grant.delay(of: $0) } == [0, 0, 0, 100].map { .microseconds($0) })
        #expect(grant.nextAt == Timestamp(microseconds: 1200))
    }

    @Test func tokensAheadOfTimeAreSpacedByTheInterval() {
        let grant = grant(takenAt: 1000, firstAt: 1250)
        #expect(
            (0..<4).map { grant.delay(of: $0) } == [250, 350, 450, 550].map { .microseconds($0) }
        )
    }

    @Test(arguments: [(80, 1, 12_500), (25, 60, 2_400_000), (1000, 1, 1000)])
    func aRateIsAnInterval(_ tokens: Int, _ seconds: Int, _ microseconds: Int) {
        let limit = RateLimit(tokens, per: .seconds(seconds))
        #expect(limit.interval == .microseconds(microseconds))
    }
}
