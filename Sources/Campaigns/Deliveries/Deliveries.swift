package import Database
private import Providers

/// What providers say about our messages, applied to them. Telling a thing twice, late or in
/// another order comes to the same.
package enum Deliveries {
    /// A message that moved.
    package struct Change: Sendable, Equatable {
        package let message: UUID
        package let campaign: UUID?
        package let contact: UUID
        package let status: MessageStatus
    }

    /// Statuses older than this never found their message.
    package static let orphanLimit: Duration = .seconds(7 * 24 * 3600)

    /// Applies the notes in the transaction, whose identity is the channel's workspace.
    @discardableResult
    package static func apply(
        _ notes: [DeliveryNote],
        on channel: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) -> [Change] {
        if notes.isEmpty { return [] }
        let changes = try changes(transaction.query(DeliverySQL.apply(notes, on: channel)))
        try follow(notes, changes, on: channel, in: transaction)
        return changes
    }

    /// Applies the statuses that came before their message was known by name.
    @discardableResult
    package static func reunite(
        now: Timestamp,
        in transaction: Transaction
    ) throws(DatabaseError) -> [Change] {
        let results = try transaction.pipeline([
            DeliverySQL.reunite(nil), DeliverySQL.forget(before: now - orphanLimit),
        ])
        return try changes(results[0])
    }

    /// What a failure says about the contact, the channel and the template.
    private static func follow(
        _ notes: [DeliveryNote],
        _ changes: [Change],
        on channel: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) {
        let failed = changes.filter { $0.status == .failed }
        let telling = notes.filter { $0.consequence != .none || $0.alarm != .none }
        guard !failed.isEmpty, !telling.isEmpty else { return }
        let rows = try transaction.query(
            DeliverySQL.origins(of: failed.map(\.message), named: telling.flatMap(\.providerIDs))
        )
        var origins: [String: Origin] = [:]
        for row in rows {
            origins[try row.get("provider_id")] = Origin(
                contact: try row.get("contact"),
                template: try row.get("template")
            )
        }
        let told = telling.compactMap { note in
            note.providerIDs.lazy.compactMap { origins[$0] }.first.map { (note, $0) }
        }
        try transaction.pipeline([consequences(told)] + alarms(told, on: channel))
    }

    /// Where a message that failed came from and went to.
    private struct Origin {
        let contact: UUID
        let template: UUID?
    }

    private static func consequences(_ told: [(DeliveryNote, Origin)]) -> Statement {
        let contacts = { (consequence: Consequence) in
            told.filter { $0.0.consequence == consequence }.map { $0.1.contact }
        }
        return DeliverySQL.consequences(
            undeliverable: contacts(.undeliverable),
            optedOut: contacts(.optedOut)
        )
    }

    /// Each at its first failure; a provider tells the same thing about every message.
    private static func alarms(
        _ told: [(DeliveryNote, Origin)],
        on channel: UUID
    ) -> [Statement] {
        var alarms: [UUID: Statement] = [:]
        for (note, origin) in told {
            guard let reason = note.reason else { continue }
            switch note.alarm {
            case .none: continue
            case .channel:
                alarms[channel] = ReactionSQL.pause(channel: channel, because: reason)
            case .template:
                guard let template = origin.template else { continue }
                alarms[template] = ReactionSQL.pause(template: template, because: reason)
            }
        }
        return alarms.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func changes(_ rows: Rows) throws(DatabaseError) -> [Change] {
        try rows.map { (row) throws(DatabaseError) in
            Change(
                message: try row.get("id"),
                campaign: try row.get("campaign"),
                contact: try row.get("contact"),
                status: MessageStatus(rawValue: try row.get("status")) ?? .unknown
            )
        }
    }
}
