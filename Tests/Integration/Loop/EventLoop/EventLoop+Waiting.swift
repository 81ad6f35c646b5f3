import EventLoop
import Testing

extension EventLoop {
    /// Runs until the condition holds; the test fails if that takes longer than anything should.
    func wait(
        atMostMilliseconds limit: UInt64 = 120_000,
        sourceLocation: SourceLocation = #_sourceLocation,
        until isDone: () -> Bool
    ) throws {
        var isLate = false
        let timer = try Timer(on: self) { isLate = true }
        timer.start(after: limit)
        run { isLate || isDone() }
        timer.close()
        #expect(!isLate, "the awaited condition did not come about", sourceLocation: sourceLocation)
    }

    /// Runs for a while in which something is not to happen.
    func observe(milliseconds: UInt64) throws {
        var isOver = false
        let timer = try Timer(on: self) { isOver = true }
        timer.start(after: milliseconds)
        run { isOver }
        timer.close()
    }

    /// Runs until every handle is closed.
    func finish(sourceLocation: SourceLocation = #_sourceLocation) throws {
        var isLate = false
        let timer = try Timer(on: self) { isLate = true }
        timer.start(after: 120_000)
        timer.keepsLoopAlive = false
        run { isLate }
        timer.close()
        #expect(!isLate, "a handle is still open", sourceLocation: sourceLocation)
    }
}
