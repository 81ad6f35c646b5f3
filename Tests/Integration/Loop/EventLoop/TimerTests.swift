import EventLoop
import Testing

@Suite(.timeLimit(.minutes(60))) struct TimerTests {
    @Test func firesInOrderOfDelay() throws {
        let loop = try EventLoop()
        var fired: [Int] = []
        let timers = try [30, 10, 20].map { delay in
            let timer = try Timer(on: loop) { fired.append(delay) }
            timer.start(after: UInt64(delay))
            return timer
        }
        loop.run()
        #expect(fired == [10, 20, 30])
        for timer in timers { timer.close() }
        try loop.finish()
    }

    @Test func repeatsUntilStoppedAndStartsAgain() throws {
        let loop = try EventLoop()
        var count = 0
        let timer = try Timer(on: loop) { count += 1 }
        timer.start(after: 0, repeating: 1)
        try loop.wait { count >= 5 }
        timer.stop()
        #expect(!timer.isActive)
        let stopped = count
        loop.run()
        #expect(count == stopped)
        timer.start(after: 1)
        loop.run()
        #expect(count == stopped + 1)
        timer.close()
        try loop.finish()
    }

    @Test func closesFromItsOwnCallbackAndLetsGoOfWhatItHeld() throws {
        let loop = try EventLoop()
        weak var held: Token?
        do {
            let token = Token()
            held = token
            var timer: Timer?
            timer = try Timer(on: loop) {
                _ = token
                timer?.close()
                timer?.close()
                timer = nil
            }
            timer?.start(after: 0, repeating: 1)
        }
        try loop.finish()
        #expect(held == nil)
    }

    @Test func aLeakedHandleTraps() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            _ = try Timer(on: loop) {}
        }
    }

    @Test func aClosedHandleDoesNot() async {
        await #expect(processExitsWith: .success) {
            let loop = try EventLoop()
            try Timer(on: loop) {}.close()
        }
    }
}

private final class Token {}
