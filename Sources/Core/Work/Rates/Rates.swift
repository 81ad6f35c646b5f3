package import Database

/// Rate limits that hold exactly for any number of senders. Each bucket is one row, and each take
/// is one UPDATE.
///
/// A transaction that takes from several buckets must lock them in this order: workspace, channel,
/// day.
package struct Rates {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Creates the bucket or changes its limit. Tokens already taken stay taken.
    package func set(_ key: RateKey, _ limit: RateLimit) throws(DatabaseError) {
        try connection.platform(RateSQL.set(key, limit))
    }

    /// Takes up to `count` tokens, of which the last may be used within `horizon` from now. Nil
    /// when the bucket does not exist.
    package func take(
        _ count: Int,
        from key: RateKey,
        within horizon: Duration = .zero
    ) throws(DatabaseError) -> RateGrant? {
        try Self.grant(connection.platform(RateSQL.take(count, key, horizon))[0])
    }

    /// Takes in the caller's transaction, which locks the bucket until its end.
    package static func take(
        _ count: Int,
        from key: RateKey,
        within horizon: Duration = .zero,
        in transaction: Transaction
    ) throws(DatabaseError) -> RateGrant? {
        try grant(transaction.query(RateSQL.take(count, key, horizon)))
    }

    /// Gives back the last `count` tokens of the grant, unused. It works only while the bucket is
    /// unchanged since the grant. Otherwise the tokens are lost, and the result is false.
    @discardableResult
    package func giveBack(
        _ count: Int,
        of grant: RateGrant,
        to key: RateKey
    ) throws(DatabaseError) -> Bool {
        precondition((0...grant.count).contains(count), "more is given back than was granted")
        return try connection.platform(RateSQL.giveBack(count, grant, key))[0].affected == 1
    }

    /// Gives no tokens for the duration of `pause`, because the provider asked for it.
    package func hold(_ key: RateKey, for pause: Duration) throws(DatabaseError) {
        try connection.platform(RateSQL.hold(key, pause))
    }

    private static func grant(_ rows: Rows) throws(DatabaseError) -> RateGrant? {
        guard let row = rows.first else { return nil }
        return try RateGrant(row)
    }
}
