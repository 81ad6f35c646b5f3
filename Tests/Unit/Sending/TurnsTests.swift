import FunctionContract
import Testing

@testable import Sending

/// Who makes room for channels that wait.
struct TurnsTests {
    private let now = ContinuousClock.now
    private let ids = (0..<5).map { UUID(high: 0, low: UInt64($0)) }

    private func leavers(_ seats: (Turns.Seat.State, Duration)...) -> [Int] {
        let seats = seats.enumerated().map { place, seat in
            Turns.Seat(channel: ids[place], since: now - seat.1, state: seat.0)
        }
        return Turns.leavers(of: seats, turn: .seconds(1), now: now).compactMap {
            ids.firstIndex(of: $0)
        }
    }

    @Test("who sends keeps its place for a whole turn")
    func turn() {
        #expect(leavers((.sends, .milliseconds(999)), (.sends, .seconds(1))) == [1])
    }

    @Test("the longest turn ends first")
    func longest() {
        #expect(leavers((.sends, .seconds(2)), (.sends, .seconds(5)), (.sends, .zero)) == [1, 0])
    }

    @Test("who has nothing to send leaves before who hangs, and these before all others")
    func order() {
        let order = leavers(
            (.sends, .seconds(9)),
            (.hangs, .milliseconds(1)),
            (.idle, .milliseconds(1)),
            (.hangs, .seconds(3)),
            (.sends, .milliseconds(1))
        )
        #expect(order == [2, 3, 1, 0])
    }
}
