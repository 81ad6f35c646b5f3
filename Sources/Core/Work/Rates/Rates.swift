package import Database

/// Rate limits that hold exactly for any number of senders: one row a bucket, one UPDATE a take.
///
/// Lock order, for transactions that take from several: workspace, channel, day.
package struct Rates {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Makes the bucket, or changes its limit. What was taken stays taken.
    package func set(_ key: RateKey, _ limit: RateLimit) throws(DatabaseError) {
        try connection.platform(RateSQL.set(key, limit))
    }

    /// Takes up to `count` tokens of which the last may be used within `horizon` from now; nil when
    /// there is no such bucket.
    package func take(
        _ count: Int,
        from key: RateKey,
        within horizon: Duration = .zero
    ) throws(DatabaseError) -> RateGrant? {
        try Self.grant(connection.platform(RateSQL.take(count, key, horizon))[0])
    }

    /// Takes together with what else the transaction does. The bucket is locked until its end.
    package static func take(
        _ count: Int,
        from key: RateKey,
        within horizon: Duration = .zero,
        in transaction: Transaction
    ) throws(DatabaseError) -> RateGrant? {
        try grant(transaction.query(RateSQL.take(count, key, horizon)))
    }

    /// Gives back the last `count` tokens of the grant, unused. Works while nobody took any after
    /// it; tokens that are already spoken for behind them cannot move, and these are then lost.
    @discardableResult
    package func giveBack(
        _ count: Int,
        of grant: RateGrant,
        to key: RateKey
    ) throws(DatabaseError) -> Bool {
        precondition((0...grant.count).contains(count), "more is given back than was granted")
        return try connection.platform(RateSQL.giveBack(count, grant, key))[0].affected == 1
    }

    /// Gives no token for so long: the provider asked for a pause.
    package func hold(_ key: RateKey, for pause: Duration) throws(DatabaseError) {
        try connection.platform(RateSQL.hold(key, pause))
    }

    private static func grant(_ rows: Rows) throws(DatabaseError) -> RateGrant? {
        guard let row = rows.first else { return nil }
        return try RateGrant(row)
    }
}
