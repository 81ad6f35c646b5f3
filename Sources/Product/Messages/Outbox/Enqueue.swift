/// The only INSERT into the outbox. Retries, settlements and resends make rows due again that exist.
package enum Enqueue {
    /// The end of a statement that has the messages in `source`: a CTE or a join with the columns
    /// of `relais.message`. The expressions `due` and `attempt` may use its other columns.
    ///
    /// A message waits in its campaign's lane, or in its channel's lane if it has no campaign.
    /// Answers in a conversation go first, then Message 2, then Message 1.
    package static func messages(
        from source: String,
        due: String = "statement_timestamp()",
        attempt: String = "0"
    ) -> String {
        """
        INSERT INTO relais.outbox (message, workspace, lane, priority, due_at, attempt)
        SELECT message.id, message.workspace, coalesce(message.campaign, message.channel),
            CASE message.step WHEN 0 THEN 0 WHEN 2 THEN 1 ELSE 2 END, \(due), \(attempt)
        FROM \(source)
        """
    }
}
