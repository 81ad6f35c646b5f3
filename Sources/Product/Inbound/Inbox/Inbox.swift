internal import Database
internal import FunctionContract
internal import Work

/// The webhooks of all workspaces that wait to be read.
struct Inbox {
    /// The most webhooks in one claim.
    static let batchLimit = 200
    /// The most bytes of bodies in one claim; a larger body is claimed alone.
    static let byteLimit = 1 << 20
    /// Tries before an unreadable webhook is marked as failed for good.
    static let tryLimit = 3
    /// The same for a webhook that a newer version of this program may read: about a day.
    static let patientTryLimit = 30
    /// Claims whose readers died before the webhook steps aside from its line. Each claim holds
    /// fewer webhooks, the last one only this webhook.
    static let lineLimit = 4
    /// Claims whose readers died before the webhook counts as the cause of their deaths.
    static let claimLimit = 20

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Claims the next webhooks of one line, in order of arrival. Returns nil when no line is free.
    /// The rows may be empty when another reader claims from the line at the same time.
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

    /// Claims a webhook that failed before and may be tried again.
    func claimDelayed(lease: Duration) throws(DatabaseError) -> Rows? {
        let rows = try platform(InboxSQL.claimDelayed(lease: lease))
        return rows.isEmpty ? nil : rows
    }

    /// Records that a webhook could not be read. It steps aside, and after the last try it stays
    /// failed.
    func fail(_ webhook: UnreadableWebhook) throws(DatabaseError) {
        try platform(InboxSQL.fail(webhook))
    }

    /// The reader of these webhooks gave up without dying.
    func forgive(_ tickets: [InboxTicket]) throws(DatabaseError) {
        try platform(InboxSQL.forgive(tickets))
    }

    func waiting() throws(DatabaseError) -> Int {
        try platform(InboxSQL.waiting(most: 5 * Self.batchLimit))[0].get("waiting")
    }

    @discardableResult
    private func platform(_ statement: Statement) throws(DatabaseError) -> Rows {
        try connection.platform(statement)[0]
    }
}
