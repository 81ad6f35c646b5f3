package import Database
package import FunctionContract
internal import Messages

/// What contacts do about our messages, and the Message 2 that it brings.
package enum Answers {
    /// What an interaction turned out to be.
    package struct Attribution: Sendable, Equatable {
        /// False when it was recorded before.
        package let isNew: Bool
        package let campaign: UUID?
        /// The message of ours that it is about.
        package let message: UUID?
        /// Message 2, if this brought it: the queue `send` has work then.
        package let message2: UUID?
    }

    /// Records the interaction in the transaction, whose identity is the channel's workspace. The
    /// first answer to a campaign within its window queues Message 2, once, whoever else answers.
    /// What is answered has arrived, whatever was known of it.
    package static func record(
        _ interaction: Interaction,
        in transaction: Transaction
    ) throws(DatabaseError) -> Attribution {
        try settle(interaction, in: transaction)
        let statement = AnswerSQL.record(interaction, .v7(), message2: .v7())
        let results = try transaction.pipeline([statement, AnswerSQL.hear(interaction)])
        let row = results[0][0]
        return Attribution(
            isNew: try row.get("is_new"),
            campaign: try row.get("campaign"),
            message: try row.get("message"),
            message2: try row.get("message_2")
        )
    }
    private static func settle(
        _ interaction: Interaction,
        in transaction: Transaction
    ) throws(DatabaseError) {
        guard let context = interaction.context else { return }
        let (contact, channel) = (interaction.contact, interaction.channel)
        let answered = AnswerSQL.answered(context, by: contact, on: channel, at: interaction.at)
        guard let row = try transaction.query(answered).first else { return }
        let reference = AttemptReference(
            message: try row.get("id"),
            attempt: try row.get("attempt")
        )
        let note = DeliveryNote(
            providerIDs: [context],
            reference: reference,
            status: .delivered,
            at: interaction.at
        )
        try Deliveries.apply([note], on: channel, in: transaction)
        try Deliveries.reunite([context], on: channel, in: transaction)
    }
}
