internal import Database
internal import FunctionContract
internal import Work

/// The webhooks that wait to be read, as the platform sees them.
struct Inbox {
    /// Webhooks in one claim.
    static let batchLimit = 200
    /// Bodies in one claim, together; a larger body comes alone.
    static let byteLimit = 1 << 20
    /// Tries until a webhook that cannot be read is put away.
    static let tryLimit = 3
    /// The same for one that a newer version of this program may read: about a day.
    static let patientTryLimit = 30
    /// Claims that ended with their reader until a webhook holds up its line no longer: each was
    /// of fewer, the last for it alone.
    static let lineLimit = 4
    /// Claims that ended with their reader until a webhook counts as what ended them.
    static let claimLimit = 20

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// The next of one line, in the order in which they came. Empty when nothing waits that is
    /// free.
    func claim(lease: Duration) throws(DatabaseError) -> Rows? {
        try connection.transaction { (transaction) throws(DatabaseError) in
            let turn = try transaction.pipeline([PlatformScope.statement, InboxSQL.turn])[1]
            guard let head = turn.first else { return nil }
            let claim = InboxSQL.claim(
                workspace: try head.get("workspace"),
                channel: try head.get("channel"),
                lease: lease
            )
            return try transaction.query(claim)
        }
    }

    /// One that failed before and may be tried again.
    func claimDelayed(lease: Duration) throws(DatabaseError) -> Rows? {
        let rows = try platform(InboxSQL.claimDelayed(lease: lease))
        return rows.isEmpty ? nil : rows
    }

    /// Records that a webhook could not be read at all. It steps aside; after some tries for good.
    func fail(_ webhook: UnreadableWebhook) throws(DatabaseError) {
        try platform(InboxSQL.fail(webhook))
    }

    func waiting() throws(DatabaseError) -> Int {
        try platform(InboxSQL.waiting(most: 5 * Self.batchLimit))[0].get("waiting")
    }

    @discardableResult
    private func platform(_ statement: Statement) throws(DatabaseError) -> Rows {
        try connection.platform(statement)[0]
    }
}
