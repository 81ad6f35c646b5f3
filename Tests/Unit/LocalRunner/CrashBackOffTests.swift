import Testing

@testable import LocalRunner

@Suite struct CrashBackOffTests {
    @Test func waitsTwiceAsLongAfterEachCrashUpToHalfAMinute() {
        var backOff = CrashBackOff()
        let waits: [Milliseconds] = [
            0, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000,
        ]
        for wait in waits {
            backOff.crashed(1_000)
            #expect(backOff.allows(1_000 + wait))
            #expect(wait == 0 || !backOff.allows(999 + wait))
        }
    }

    @Test func neverWaitsLongerThanThat() {
        var backOff = CrashBackOff()
        for _ in 0..<1_000 { backOff.crashed(0) }
        #expect(!backOff.allows(29_999))
        #expect(backOff.allows(30_000))
    }

    @Test func startsAfreshAfterAReply() {
        var backOff = CrashBackOff()
        for _ in 0..<5 { backOff.crashed(0) }
        backOff.reset()
        #expect(backOff.allows(0))
        backOff.crashed(0)
        #expect(backOff.allows(0))
        backOff.crashed(0)
        #expect(!backOff.allows(99))
    }
}
