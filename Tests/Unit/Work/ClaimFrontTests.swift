import Database
import FunctionContract
import Testing

@testable import Work

/// Seconds and milliseconds are counted from an arbitrary beginning.
struct ClaimFrontTests {
    private typealias Position = ClaimFront.Position

    private static let beginning = ContinuousClock.now
    private let firstID = UUID(high: 0, low: 0)

    private func clock(_ milliseconds: Int) -> ContinuousClock.Instant {
        Self.beginning + .milliseconds(milliseconds)
    }

    private func server(_ milliseconds: Int) -> Timestamp {
        Timestamp(microseconds: 1_800_000_000_000_000) + .milliseconds(milliseconds)
    }

    private func task(_ priority: Int32, _ milliseconds: Int, id: UInt64 = 1) -> Position {
        Position(priority: priority, runAt: server(milliseconds), id: UUID(high: 0, low: id))
    }

    /// Just before everything that could still be committed at `now`.
    private func settled(_ priority: Int32, at milliseconds: Int) -> Position {
        Position(priority: priority, runAt: server(milliseconds - 100), id: firstID)
    }

    private func start(_ priority: Int32) -> Position {
        Position(priority: priority, runAt: .distantPast, id: firstID)
    }

    @Test func theFirstClaimLooksFromTheStart() {
        let front = ClaimFront()
        #expect(front.positions(at: clock(0)) == (0...3).map { start($0) })
    }

    @Test func afterAFullClaimTheNextGoesOnBehindItsLastTask() {
        var front = ClaimFront()
        let found = [task(1, -5000), task(2, -4000), task(2, -3000)]
        front.advance(
            over: found,
            isFull: true,
            serverTime: server(0),
            began: clock(0),
            ended: clock(10)
        )
        #expect(
            front.positions(at: clock(11)) == [
                settled(0, at: 0), settled(1, at: 0), task(2, -3000), start(3),
            ]
        )
    }

    @Test func afterAShortClaimEverythingDueIsBehind() {
        var front = ClaimFront()
        front.advance(
            over: [task(2, -3000)],
            isFull: false,
            serverTime: server(0),
            began: clock(0),
            ended: clock(10)
        )
        #expect(front.positions(at: clock(11)) == (0...3).map { settled($0, at: 0) })
    }

    @Test func itNeverComesCloseToThePresent() {
        var front = ClaimFront()
        front.advance(
            over: [task(2, -10)],
            isFull: true,
            serverTime: server(0),
            began: clock(0),
            ended: clock(10)
        )
        #expect(front.positions(at: clock(11))[2] == settled(2, at: 0))
    }

    @Test func looksFromTheStartTakeOneFiftiethOfTheTime() {
        var front = ClaimFront()
        front.advance(
            over: [],
            isFull: false,
            serverTime: server(0),
            began: clock(0),
            ended: clock(10)
        )
        #expect(front.positions(at: clock(509)) != (0...3).map { start($0) })
        #expect(front.positions(at: clock(510)) == (0...3).map { start($0) })
    }

    @Test func aClaimFromTheFrontDoesNotPutOffTheNextLook() {
        var front = ClaimFront()
        for (began, ended) in [(0, 10), (400, 405)] {
            front.advance(
                over: [],
                isFull: false,
                serverTime: server(began),
                began: clock(began),
                ended: clock(ended)
            )
        }
        #expect(front.positions(at: clock(510)) == (0...3).map { start($0) })
    }
}
