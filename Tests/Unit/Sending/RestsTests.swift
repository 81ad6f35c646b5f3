import FunctionContract
import Testing
import Work

@testable import Sending

struct RestsTests {
    private let backOff = BackOff(first: .seconds(1), longest: .seconds(60))
    private let channel = UUID.v7()

    @Test("each rest is twice as long as the one before, up to the longest")
    func doubles() {
        var (rests, now) = (Rests(), ContinuousClock.now)
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            rests.begin(channel, backOff, now: now)
            let end = now + .seconds(seconds)
            #expect(rests.contains(channel, at: end - .milliseconds(1)))
            #expect(rests.channels(at: end - .milliseconds(1)) == [channel])
            #expect(!rests.contains(channel, at: end))
            #expect(rests.channels(at: end) == [])
            now = end
        }
    }

    @Test("a channel that was served begins anew, and no other with it")
    func forgets() {
        var (rests, now) = (Rests(), ContinuousClock.now)
        let other = UUID.v7()
        for _ in 0..<4 {
            for id in [channel, other] { rests.begin(id, backOff, now: now) }
            now += .seconds(60)
        }
        rests.forget(channel)
        for id in [channel, other] { rests.begin(id, backOff, now: now) }
        #expect(rests.channels(at: now + .seconds(1)) == [other])
    }
}
