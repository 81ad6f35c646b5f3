internal import Database
internal import FunctionContract
internal import Work

/// The webhooks that wait to be read, as the platform sees them.
struct Inbox {
    /// Webhooks in one claim.
    static let batchLimit = 200
    /// Bodies in one claim, together; a larger body comes alone.
    static let byteLimit = 4 << 20
    /// Tries until a webhook that cannot be read is put away.
    static let tryLimit = 3
    /// Claims that ended with their reader until a webhook holds up its line no longer: the first
    /// was a batch, the second for it alone.
    static let lineLimit = 2
    /// Claims that ended with their reader until a webhook counts as what ended them.
    static let claimLimit = 20

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// The next of one channel, in the order in which they came; empty when nothing waits that is
    /// nobody's.
    func claim(lease: Duration) throws(DatabaseError) -> [ClaimedWebhook] {
        try connection.transaction { (transaction) throws(DatabaseError) in
            let turn = try transaction.pipeline([PlatformScope.statement, InboxSQL.turn])[1]
            guard let channel: UUID = try turn.first?.get("channel") else { return [] }
            let claim = InboxSQL.claim(
                channel,
                most: Self.batchLimit,
                bytes: Self.byteLimit,
                lease: lease
            )
            return try transaction.query(claim).map { (row) throws(DatabaseError) in
                try ClaimedWebhook(row)
            }
        }
    }

    /// One that failed before and may be tried again.
    func claimDelayed(lease: Duration) throws(DatabaseError) -> ClaimedWebhook? {
        let rows = try platform(InboxSQL.claimDelayed(lease: lease))
        return try rows.first.map { (row) throws(DatabaseError) in try ClaimedWebhook(row) }
    }

    /// Records that a webhook could not be read. It steps aside; after some tries for good.
    func fail(_ webhook: ClaimedWebhook, _ error: String) throws(DatabaseError) {
        let tries = webhook.attempts + 1
        let statement = InboxSQL.fail(
            webhook,
            error,
            isFinal: tries >= Self.tryLimit || webhook.token > Self.claimLimit,
            pause: .seconds(5) * (1 << (2 * min(tries, 8)))
        )
        try platform(statement)
    }

    func waiting() throws(DatabaseError) -> Int {
        try platform(InboxSQL.waiting(most: 5 * Self.batchLimit))[0].get("waiting")
    }

    @discardableResult
    private func platform(_ statement: Statement) throws(DatabaseError) -> Rows {
        try connection.pipeline([PlatformScope.statement, statement])[1]
    }
}
