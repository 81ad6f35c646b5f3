internal import Database
package import FunctionContract

/// Tokens that were taken from a bucket, each with the instant from which it may be used.
package struct RateGrant: Sendable, Equatable {
    package let count: Int
    /// The server's clock when they were taken.
    package let takenAt: Timestamp
    /// The time between two tokens.
    package let interval: Duration
    /// When the first token would have been due by the rate alone; in the past for tokens that the
    /// burst allows at once.
    let firstAt: Timestamp
    /// What the bucket's state was afterwards, so that tokens can be given back.
    let arrival: Int

    /// From when that token may be used, by the server's clock.
    package func time(of token: Int) -> Timestamp {
        max(takenAt, firstAt + interval * token)
    }

    /// How long after `takenAt` the token may be used.
    package func delay(of token: Int) -> Duration {
        .microseconds(time(of: token).microseconds - takenAt.microseconds)
    }

    /// When the bucket gives its next token, beyond those in this grant.
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
