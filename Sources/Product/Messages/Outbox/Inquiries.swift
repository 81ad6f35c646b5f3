package import Database
package import FunctionContract
package import Providers
private import Work

/// The unknown messages of one channel, for a worker that asks the provider about them. A message
/// that the provider has is settled. A message that it does not have proves nothing: the campaign's
/// policy decides after the grace period.
package struct Inquiries {
    /// The time before the first question, and the least time between two questions about a
    /// message. The wait grows with the time for which the message has been unknown.
    package static let firstWait: Duration = .seconds(60)
    /// How far a provider's clock may be behind ours.
    private static let clockDifference: Duration = .seconds(120)

    /// A message to ask the provider about.
    package struct Inquiry: Sendable, Equatable {
        package let message: ClaimedMessage
        /// The message cannot have been sent before this time.
        package let since: Timestamp
    }

    private let connection: Connection
    private let workspace: UUID
    private let channel: UUID

    package init(_ connection: Connection, workspace: UUID, channel: UUID) {
        self.connection = connection
        self.workspace = workspace
        self.channel = channel
    }

    /// The channels that have unknown messages to ask about and whose provider supports message
    /// search.
    package static func channels(
        _ connection: Connection
    ) throws(DatabaseError) -> [(channel: UUID, workspace: UUID)] {
        let able = Provider.allCases.filter { $0.capabilities.contains(.messageSearch) }
        let rows = try connection.platform(InquirySQL.channels(able.map(\.rawValue)))[0]
        return try rows.map { (row) throws(DatabaseError) in
            (channel: try row.get("channel"), workspace: try row.get("workspace"))
        }
    }

    /// Takes up to `limit` messages to ask about. Nobody else takes them before their next question
    /// is due.
    package func take(_ limit: Int) throws(DatabaseError) -> [Inquiry] {
        let take = InquirySQL.take(from: channel, limit: limit, wait: Self.firstWait)
        return try connection.transaction(options, [take])[0].map {
            (row) throws(DatabaseError) in
            Inquiry(
                message: try ClaimedMessage(row),
                since: try row.get("created_at", as: Timestamp.self) - Self.clockDifference
            )
        }
    }

    /// Settles a message with the first candidate whose provider ids belong to no other message of
    /// ours. False if there is no such candidate.
    package func settle(
        _ inquiry: Inquiry,
        by candidates: [StatusUpdate],
        of provider: Provider,
        now: Timestamp
    ) throws(DatabaseError) -> Bool {
        let reference = inquiry.message.reference
        return try connection.transaction(options) { (transaction) throws(DatabaseError) in
            let names = candidates.flatMap(\.messageID.all)
            let others = InquirySQL.names(names, ofOthersThan: reference.message, on: channel)
            let taken = Set(
                try transaction.query(others).column("provider_id", as: String.self)
            )
            guard let found = candidates.first(where: { taken.isDisjoint(with: $0.messageID.all) })
            else { return false }
            var note = DeliveryNote(found, from: provider, now: now)
            note.reference = reference
            try Deliveries.apply([note], on: channel, in: transaction)
            try transaction.query(DeliverySQL.reunite(found.messageID.all, on: channel))
            return true
        }
    }

    private var options: TransactionOptions {
        TransactionOptions(
            identity: .service(workspace)
        )
    }
}

enum InquirySQL {
    static func channels(_ providers: [String]) -> Statement {
        Statement(
            "SELECT channel, workspace FROM relais.channels_to_ask($1)",
            .texts(providers)
        )
    }

    /// The wait before the next question is the time for which the message has been unknown, and at
    /// least `wait`.
    static func take(from channel: UUID, limit: Int, wait: Duration) -> Statement {
        Statement(
            """
            WITH due AS MATERIALIZED (
                SELECT outbox.message
                FROM relais.outbox
                JOIN relais.message ON message.id = outbox.message AND message.channel = $1
                WHERE outbox.workspace = (SELECT relais.current_workspace())
                    AND outbox.state = 'unknown' AND outbox.due_at <= statement_timestamp()
                ORDER BY outbox.due_at LIMIT $2
                FOR UPDATE OF outbox SKIP LOCKED
            )
            UPDATE relais.outbox
            SET due_at = statement_timestamp() + greatest(make_interval(secs => $3),
                make_interval(secs => $4) - (outbox.lease_until - statement_timestamp()))
            FROM relais.message
            WHERE outbox.message = ANY (ARRAY (SELECT message FROM due))
                AND message.id = outbox.message
            RETURNING message.id, outbox.attempt, message.campaign, message.contact,
                message.recipient_kind, message.recipient, message.body, message.template,
                message.parameters, message.failures, false AS has_left, message.created_at
            """,
            .uuid(channel),
            .int(limit),
            .double(wait / .seconds(1)),
            .double(Outbox.grace / .seconds(1))
        )
    }

    static func names(
        _ names: [String],
        ofOthersThan message: UUID,
        on channel: UUID
    ) -> Statement {
        Statement(
            """
            SELECT provider_id FROM relais.message_reference
            WHERE workspace = (SELECT relais.current_workspace()) AND channel = $1
                AND provider_id = ANY ($2) AND message <> $3
            """,
            .uuid(channel),
            .texts(names),
            .uuid(message)
        )
    }
}
