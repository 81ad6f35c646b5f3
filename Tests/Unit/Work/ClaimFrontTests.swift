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

    private static let firstTenant = UUID(high: 7, low: 0)
    private let tenant = UUID(high: 9, low: 9)

    /// A front that has looked by turns from 0 to 10 ms.
    private func front() -> ClaimFront {
        var front = ClaimFront(after: Self.firstTenant)
        advance(&front, by: .turns(after: Self.firstTenant), [], from: 0, to: 10)
        return front
    }

    private func advance(
        _ front: inout ClaimFront,
        by search: ClaimFront.Search,
        _ found: [Position],
        of tenants: [UUID] = [],
        isFull: Bool = false,
        isLap: Bool = false,
        from began: Int,
        to ended: Int
    ) {
        front.advance(
            by: search,
            over: ClaimFront.Found(
                positions: found,
                tenants: tenants,
                isLap: isLap,
                isFull: isFull
            ),
            serverTime: server(began),
            began: clock(began),
            ended: clock(ended)
        )
    }

    @Test func theFirstClaimIsByTurns() {
        #expect(
            ClaimFront(after: Self.firstTenant).search(at: clock(0))
                == .turns(after: Self.firstTenant)
        )
        #expect(ClaimFront().search(at: clock(0)).isByTurns)
    }

    @Test func aLapOfManyTenantsTakesASecondOfPausesAtMost() {
        var front = ClaimFront(after: UUID(high: 0, low: 0))
        var (time, lapBegan) = (0, 0)
        for turn in 0..<300 {
            let search = front.search(at: clock(time))
            #expect(search.isByTurns)
            let tenant = UUID(high: UInt64(1 + turn % 100), low: 0)
            advance(
                &front,
                by: search,
                [task(1, time)],
                of: [tenant],
                isFull: true,
                from: time,
                to: time + 10
            )
            time += 10
            while !front.search(at: clock(time)).isByTurns { time += 1 }
            if turn == 199 { lapBegan = time }
        }
        // Ten milliseconds each for the looks, and as much for the pauses.
        #expect(1900...2100 ~= time - lapBegan)
    }

    @Test func aSingleTenantIsLookedAtAsSeldomAsBefore() {
        var front = ClaimFront(after: UUID(high: 0, low: 0))
        let tenant = UUID(high: 1, low: 0)
        for _ in 0..<3 {
            advance(
                &front,
                by: .turns(after: tenant),
                [task(1, 0)],
                of: [tenant],
                isFull: true,
                isLap: true,
                from: 0,
                to: 10
            )
            #expect(!front.search(at: clock(509)).isByTurns)
            #expect(front.search(at: clock(510)).isByTurns)
        }
    }

    @Test func afterAFullClaimTheNextGoesOnBehindItsLastTask() {
        var front = ClaimFront(after: Self.firstTenant)
        let found = [task(1, -5000), task(2, -4000), task(2, -3000)]
        advance(&front, by: .line(front.positions), found, isFull: true, from: 0, to: 10)
        #expect(
            front.positions == [
                settled(0, at: 0), settled(1, at: 0), task(2, -3000), start(3),
            ]
        )
    }

    @Test(arguments: [true, false])
    func afterAShortClaimEverythingDueIsBehind(isByTurns: Bool) {
        var front = ClaimFront(after: Self.firstTenant)
        let search: ClaimFront.Search =
            isByTurns ? .turns(after: Self.firstTenant) : .line(front.positions)
        advance(&front, by: search, [task(2, -3000)], from: 0, to: 10)
        #expect(front.positions == (0...3).map { settled($0, at: 0) })
    }

    @Test func itNeverComesCloseToThePresent() {
        var front = ClaimFront(after: Self.firstTenant)
        advance(&front, by: .line(front.positions), [task(2, -10)], isFull: true, from: 0, to: 10)
        #expect(front.positions[2] == settled(2, at: 0))
    }

    @Test func aFullLookTakesTheLineBackToWhatItFound() {
        var front = front()
        #expect(front.positions == (0...3).map { settled($0, at: 0) })
        let found = [task(2, -4000), task(2, -5000), task(3, 50)]
        let search = ClaimFront.Search.turns(after: Self.firstTenant)
        advance(&front, by: search, found, of: [tenant], isFull: true, from: 20, to: 30)
        #expect(
            front.positions == [
                settled(0, at: 0), settled(1, at: 0), task(2, -5000), settled(3, at: 0),
            ]
        )
    }

    @Test func afterALookAtAllTenantsTheLineBeginsWithTheFirstTaskFound() {
        var front = ClaimFront(after: Self.firstTenant)
        let search = ClaimFront.Search.turns(after: Self.firstTenant)
        let found = [task(2, -4000), task(2, -5000)]
        advance(&front, by: search, found, isFull: true, isLap: true, from: 0, to: 10)
        #expect(front.positions == [start(0), start(1), task(2, -5000), start(3)])
    }

    @Test func looksTakeOneFiftiethOfTheTime() {
        let front = front()
        #expect(front.search(at: clock(509)) == .line(front.positions))
        #expect(front.search(at: clock(510)).isByTurns)
    }

    @Test func aClaimInLineDoesNotPutOffTheNextLook() {
        var front = front()
        advance(&front, by: .line(front.positions), [], from: 400, to: 405)
        #expect(front.search(at: clock(510)).isByTurns)
        front.lookNext()
        #expect(front.search(at: clock(11)).isByTurns)
    }

    @Test func turnsGoOnWithTheNextTenant() {
        var front = front()
        let search = ClaimFront.Search.turns(after: Self.firstTenant)
        let tenants = [UUID(high: 8, low: 0), tenant]
        let found = [task(2, -2), task(2, -1)]
        advance(&front, by: search, found, of: tenants, isFull: true, from: 510, to: 511)
        #expect(front.search(at: clock(2000)) == .turns(after: tenant))
    }

    @Test func afterALookThatFoundOnlyHeldTasksTheNextReachesFurther() {
        var front = ClaimFront(after: Self.firstTenant)
        func look(breadth: Int, _ found: [Position], isLap: Bool = false) {
            #expect(front.search(at: clock(0)) == .turns(after: Self.firstTenant, breadth: breadth))
            let search = ClaimFront.Search.turns(after: Self.firstTenant, breadth: breadth)
            advance(&front, by: search, found, isFull: !isLap, isLap: isLap, from: 0, to: 1)
            front.lookNext()
        }
        look(breadth: 1, [])
        look(breadth: 8, [])
        look(breadth: 64, [task(2, -1)])
        look(breadth: 1, [])
        look(breadth: 8, [], isLap: true)
        look(breadth: 1, [])
    }
}
