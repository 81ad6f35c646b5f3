internal import Database
package import FunctionContract

/// Tokens taken from a bucket, each with the instant from which it may be used.
package struct RateGrant: Sendable, Equatable {
    package let count: Int
    /// The server's time of the take.
    package let takenAt: Timestamp
    /// The time between two tokens.
    package let interval: Duration
    /// When the first token is due by the rate alone. For tokens within the burst, it lies in the
    /// past.
    let firstAt: Timestamp
    /// The bucket's state after the take, needed to give tokens back.
    let arrival: Int

    /// The server time from which the token may be used.
    package func time(of token: Int) -> Timestamp {
        max(takenAt, firstAt + interval * token)
    }

    /// How long after `takenAt` the token may be used.
    package func delay(of token: Int) -> Duration {
        .microseconds(time(of: token).microseconds - takenAt.microseconds)
    }

    /// When the bucket gives the next token after this grant.
    package var nextAt: Timestamp { time(of: count) }
}

extension RateGrant {
    init(_ row: Row) throws(DatabaseError) {
        count = try row.get("granted")
        takenAt = Timestamp(microseconds: Int64(try row.get("seen_at", as: Int.self)))
        firstAt = Timestamp(microseconds: Int64(try row.get("first_at", as: Int.self)))
        interval = .microseconds(try row.get("interval_us", as: Int.self))
        arrival = try row.get("theoretical_arrival")
    }
}
