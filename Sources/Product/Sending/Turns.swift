internal import FunctionContract

/// Decides which channels give up their places when more want to send than a sender serves.
enum Turns {
    /// A channel that has a place.
    struct Seat: Equatable {
        enum State {
            /// It can send nothing for now.
            case idle
            /// Its provider does not answer.
            case hangs
            case sends
        }

        let channel: UUID
        let since: ContinuousClock.Instant
        let state: State
    }

    /// The channels that may leave at `now`, in the order to leave: first idle channels, then
    /// hanging ones, then those that have had a whole turn. Within each group the longest-seated
    /// leaves first.
    static func leavers(
        of seats: [Seat],
        turn: Duration,
        now: ContinuousClock.Instant
    ) -> [UUID] {
        func rank(_ seat: Seat) -> Int? {
            switch seat.state {
            case .idle: 0
            case .hangs: 1
            case .sends: now - seat.since >= turn ? 2 : nil
            }
        }
        return
            seats.compactMap { seat in rank(seat).map { (rank: $0, seat: seat) } }
            .sorted { ($0.rank, $0.seat.since) < ($1.rank, $1.seat.since) }
            .map(\.seat.channel)
    }
}
