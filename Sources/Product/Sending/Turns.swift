internal import FunctionContract

/// Who makes room when more channels want to send than a sender serves at once.
enum Turns {
    /// A channel that has a place.
    struct Seat: Equatable {
        enum State {
            /// Nothing of it can go for now.
            case idle
            /// Its provider does not answer.
            case hangs
            case sends
        }

        let channel: UUID
        let since: ContinuousClock.Instant
        let state: State
    }

    /// Those who may leave at `now`, the first to leave first: who has nothing to send, who waits
    /// for a silent provider, and who has had a whole turn, the longest one first.
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
