import Testing

@testable import ProviderSimulator

@Suite struct RateLimiterTests {
    @Test(arguments: [(1.0, 1), (80.0, 1), (80.0, 10), (3.0, 7), (0.5, 2)])
    func neverLetsMoreThroughThanTheRateAndNeverFewer(perSecond: Double, burst: Int) {
        var limiter = RateLimiter()
        let rate = RateLimiter.Rate(perSecond: perSecond, burst: burst)
        var taken: [Int64] = []
        for now in Int64(0)..<10_000 where limiter.wait(for: "a", at: now, rate) == nil {
            taken.append(now)
        }
        let expected = Double(burst) + perSecond * 10
        #expect(abs(Double(taken.count) - expected) <= 1)
        for (place, start) in taken.enumerated() where place + burst < taken.count {
            let span = Double(taken[place + burst] - start)
            #expect(span >= 1000 / perSecond - 1)
        }
    }

    @Test func saysHowLongToWait() {
        var limiter = RateLimiter()
        let rate = RateLimiter.Rate(perSecond: 2, burst: 1)
        #expect(limiter.wait(for: "a", at: 1000, rate) == nil)
        #expect(limiter.wait(for: "a", at: 1100, rate) == 400)
        #expect(limiter.wait(for: "b", at: 1100, rate) == nil)
        #expect(limiter.wait(for: "a", at: 1500, rate) == nil)
    }

    @Test func keepsABoundedNumberOfKeysAndNoneIsEarly() {
        var limiter = RateLimiter(keyLimit: 10)
        let rate = RateLimiter.Rate(perSecond: 1, burst: 1)
        for key in 0..<10 {
            #expect(limiter.wait(for: "\(key)", at: Int64(key * 10), rate) == nil)
        }
        #expect(limiter.wait(for: "new", at: 100, rate) == 900)
        #expect(limiter.wait(for: "0", at: 100, rate) == 900)
        #expect(limiter.wait(for: "new", at: 1_000, rate) == nil)
        #expect(limiter.wait(for: "newer", at: 1_000, rate) == 10)
        #expect(limiter.count == 10)
        for key in 0..<1_000 { _ = limiter.wait(for: "\(key)", at: Int64(2_000 + key), rate) }
        #expect(limiter.count == 10)
    }
}
