package import Database
package import FunctionContract
internal import Messages

/// Records how contacts react to our messages, and queues Message 2.
package enum Answers {
    /// The campaign and the message that an interaction belongs to.
    package struct Attribution: Sendable, Equatable {
        /// False if it was recorded before.
        package let isNew: Bool
        package let campaign: UUID?
        /// Our message that the interaction answers.
        package let message: UUID?
        /// Message 2, if this interaction queued it; the queue `send` then has work.
        package let message2: UUID?
    }

    /// Records the interactions, at most one per contact. The transaction's identity is the
    /// channel's workspace. The first answer to a campaign within its window queues Message 2,
    /// exactly once. An answer proves that the message it names was delivered, whatever its status
    /// was.
    package static func record(
        _ interactions: [Interaction],
        in transaction: Transaction
    ) throws(DatabaseError) -> [Attribution] {
        precondition(
            Set(interactions.map(\.contact)).count == interactions.count,
            "what one contact did is recorded one by one"
        )
        if interactions.isEmpty { return [] }
        try settle(interactions, in: transaction)
        let results = try transaction.pipeline([
            AnswerSQL.record(interactions), AnswerSQL.hear(interactions),
        ])
        return try results[0].map(Attribution.init)
    }

    /// Records one interaction.
    package static func record(
        _ interaction: Interaction,
        in transaction: Transaction
    ) throws(DatabaseError) -> Attribution {
        try record([interaction], in: transaction)[0]
    }

    /// Applies a delivery for each message that an interaction names. An unknown name may belong to
    /// a message of ours that may be out, or to one that somebody wrote on a phone. It proves
    /// nothing until a receipt, a lookup or the answer to the send tells which.
    private static func settle(
        _ interactions: [Interaction],
        in transaction: Transaction
    ) throws(DatabaseError) {
        let naming = interactions.filter { $0.context != nil }
        if naming.isEmpty { return }
        var notes: [UUID: [DeliveryNote]] = [:]
        for row in try transaction.query(AnswerSQL.answered(naming)) {
            let interaction = naming[try row.get("place")]
            let message: UUID? = try row.get("id")
            let attempt: Int? = try row.get("attempt")
            var reference: AttemptReference?
            if let message, let attempt {
                reference = AttemptReference(message: message, attempt: attempt)
            }
            let note = DeliveryNote(
                providerIDs: interaction.context.map { [$0] } ?? [],
                reference: reference,
                status: .delivered,
                at: interaction.at
            )
            notes[interaction.channel, default: []].append(note)
        }
        for channel in notes.keys.sorted() {
            try Deliveries.apply(notes[channel] ?? [], on: channel, in: transaction)
        }
    }
}

extension Answers.Attribution {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        isNew = try row.get("is_new")
        campaign = try row.get("campaign")
        message = try row.get("message")
        message2 = try row.get("message_2")
    }
}
