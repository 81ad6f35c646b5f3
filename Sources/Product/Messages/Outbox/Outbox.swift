package import Database
package import FunctionContract
package import Providers

/// The outbox of one channel, as its senders use it.
package struct Outbox {
    /// How long a message stays unknown before its campaign's policy is applied.
    package static let grace: Duration = .seconds(10 * 60)

    /// Whether the channel may send. Read under the row lock that all its senders take.
    package struct Gate: Sendable, Equatable {
        package let isActive: Bool
        package let heldUntil: Timestamp
        package let quietUntil: Timestamp?
        /// Messages sent since the last pause between lots.
        package let lotSent: Int
        package let breaker: Breaker
        /// The channel has been paused because senders could not serve it.
        package let hadObstacles: Bool
        /// The server's clock.
        package let now: Timestamp

        /// When the channel may send; nil if it is inactive until a person activates it.
        package var opensAt: Timestamp? {
            guard isActive else { return nil }
            return max(heldUntil, quietUntil ?? now, now)
        }
    }

    private let connection: Connection
    private let workspace: UUID
    private let channel: UUID

    package init(_ connection: Connection, workspace: UUID, channel: UUID) {
        self.connection = connection
        self.workspace = workspace
        self.channel = channel
    }

    /// Runs `body` in a transaction of the channel's workspace.
    package func transaction<Result>(
        _ body: (Transaction) throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        try connection.transaction(options, body)
    }

    /// Nil when the channel is gone.
    package func gate(in transaction: Transaction) throws(DatabaseError) -> Gate? {
        guard let row = try transaction.query(OutboxSQL.gate(channel)).first else { return nil }
        return Gate(
            isActive: try row.get("is_active"),
            heldUntil: try row.get("held_until"),
            quietUntil: try row.get("quiet_until"),
            lotSent: try row.get("lot_sent"),
            breaker: Breaker(failures: try row.get("failures")),
            hadObstacles: try row.get("obstacles", as: Int.self) > 0,
            now: try row.get("now")
        )
    }

    /// Claims up to `limit` messages and increments their attempt number. They belong to this
    /// sender until the lease ends; after that nobody knows whether they were sent.
    package func claim(
        limit: Int,
        lease: Duration,
        in transaction: Transaction
    ) throws(DatabaseError) -> [ClaimedMessage] {
        let statement = OutboxSQL.claim(channel, limit: limit, lease: lease)
        return try transaction.query(statement).map { (row) throws(DatabaseError) in
            var message = try ClaimedMessage(row)
            message.leaseUntil = try row.get("lease_until")
            return message
        }
    }

    /// Allows no message before `instant`.
    package func pace(
        lotSent: Int,
        heldUntil instant: Timestamp,
        in transaction: Transaction
    ) throws(DatabaseError) {
        try transaction.query(OutboxSQL.pace(channel, lotSent: lotSent, heldUntil: instant))
    }

    /// Records the results of attempts in one round trip, with their consequences for the channel,
    /// the templates and the contacts. Recording the same results twice changes nothing.
    ///
    /// `endsObstacles`: the channel can be served again.
    package func record(
        _ results: [AttemptResult],
        breaker before: Breaker,
        endsObstacles: Bool = false
    ) throws(DatabaseError) -> Breaker {
        var breaker = before
        breaker.see(results.map(\.verdict.channel))
        var statements = statements(for: results, before, breaker)
        if endsObstacles { statements.append(ReactionSQL.overcome(channel)) }
        try connection.transaction(options, statements)
        return breaker
    }

    /// Pauses a channel that senders cannot serve, for twice as long each time in a row.
    package func rest(because reason: Reason) throws(DatabaseError) {
        try connection.transaction(options, [ReactionSQL.rest(channel, because: reason)])
    }

    /// Releases claimed messages whose sending did not begin. Releasing twice changes nothing.
    package func release(_ messages: [ClaimedMessage]) throws(DatabaseError) {
        if messages.isEmpty { return }
        let ordered = messages.sorted { $0.reference.message < $1.reference.message }
        let hold = hold(campaignsOf: ordered, toChange: false)
        try connection.transaction(options, hold + [OutboxSQL.release(ordered)])
    }

    private func hold(campaignsOf messages: [ClaimedMessage], toChange: Bool) -> [Statement] {
        let campaigns = Set(messages.compactMap(\.campaign))
        if campaigns.isEmpty { return [] }
        return [OutboxSQL.hold(campaigns: Array(campaigns), toChange: toChange)]
    }

    private var options: TransactionOptions {
        TransactionOptions(
            identity: .service(workspace)
        )
    }

    private func statements(
        for results: [AttemptResult],
        _ before: Breaker,
        _ breaker: Breaker
    ) -> [Statement] {
        let ordered = results.sorted { $0.message.reference.message < $1.message.reference.message }
        let returning = ordered.filter(\.goesAgain).map(\.message)
        let pausesCampaigns = ordered.contains { $0.verdict.template != nil }
        var statements = hold(campaignsOf: returning, toChange: pausesCampaigns)
        statements.append(OutboxSQL.record(ordered, on: channel, grace: Self.grace))
        let names = ordered.flatMap(\.providerIDs)
        if !names.isEmpty { statements.append(DeliverySQL.reunite(names, on: channel)) }
        let learned = ordered.flatMap { result in
            result.learned.map { (contact: result.message.contact, identity: $0) }
        }
        if !learned.isEmpty { statements.append(ReactionSQL.name(learned)) }
        let told = { (consequence: Consequence) in
            ordered.filter { $0.consequence == consequence }.map(\.message.contact)
        }
        let (undeliverable, optedOut) = (told(.undeliverable), told(.optedOut))
        if !undeliverable.isEmpty || !optedOut.isEmpty {
            statements.append(
                DeliverySQL.consequences(undeliverable: undeliverable, optedOut: optedOut)
            )
        }
        return statements + reactions(to: results, before, breaker)
    }

    private func reactions(
        to results: [AttemptResult],
        _ before: Breaker,
        _ breaker: Breaker
    ) -> [Statement] {
        let rest = breaker.rest(after: results.map(\.verdict.channel), since: before)
        var statements: [Statement] = []
        if breaker != before || rest.wait > .zero {
            statements.append(
                ReactionSQL.breaker(channel, breaker, hold: rest.wait, reason: rest.reason)
            )
        }
        let verdicts = results.map { (verdict: $0.verdict, template: $0.message.template) }
        return statements + ReactionSQL.pauses(verdicts, of: channel)
    }
}
