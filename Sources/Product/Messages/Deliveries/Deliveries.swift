package import Database
package import FunctionContract
private import Providers

/// Applies provider reports to our messages. Repeated, late or reordered reports have the same
/// result.
///
/// An orphan is a status with a provider id that no message of ours has yet.
package enum Deliveries {
    /// A message whose status or times changed.
    package struct Change: Sendable, Equatable {
        package let message: UUID
        package let campaign: UUID?
        package let contact: UUID
        package let status: MessageStatus
    }

    /// Orphans older than this will never find their message. By then the policy for unknown
    /// messages has decided.
    package static let orphanLimit: Duration = .seconds(30 * 60)
    /// The limit of orphans kept for a channel. Senders have some hundreds of claimed messages,
    /// each with a few statuses.
    static let orphanCount = 5_000

    /// Applies the notes in the transaction, whose identity is the channel's workspace.
    @discardableResult
    package static func apply(
        _ notes: [DeliveryNote],
        on channel: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) -> [Change] {
        if notes.isEmpty { return [] }
        var changes = try changes(transaction.query(DeliverySQL.apply(notes, on: channel)))
        try follow(notes, changes, in: transaction)
        let remediable = notes.filter { $0.remedy != nil }
        if remediable.isEmpty { return changes }
        var remedies = Remedies(on: channel, in: transaction)
        for rows in try remedies.apply(remediable) { changes += try self.changes(rows) }
        return changes
    }

    /// Applies the orphans whose message has become known since.
    @discardableResult
    package static func reunite(
        now: Timestamp,
        in transaction: Transaction
    ) throws(DatabaseError) -> [Change] {
        let results = try transaction.pipeline([
            DeliverySQL.reuniteAll, DeliverySQL.takeFailures,
            DeliverySQL.forget(before: now - orphanLimit),
        ])
        var changes = try changes(results[0])
        var failures: [UUID: [DeliveryNote]] = [:]
        for row in results[1] {
            guard let note = try DeliveryNote(orphan: row) else { continue }
            failures[try row.get("channel"), default: []].append(note)
        }
        for (channel, notes) in failures.sorted(by: { $0.key < $1.key }) {
            changes += try apply(notes, on: channel, in: transaction)
        }
        return changes
    }

    /// Applies the orphans with these provider ids, once their message is known.
    package static func reunite(
        _ names: [String],
        on channel: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) {
        try transaction.query(DeliverySQL.reunite(names, on: channel))
    }

    /// Applies the consequences of permanent failures to the contacts.
    private static func follow(
        _ notes: [DeliveryNote],
        _ changes: [Change],
        in transaction: Transaction
    ) throws(DatabaseError) {
        let failed = changes.filter { $0.status == .failed }
        let telling = notes.filter { $0.consequence != .none }
        guard !failed.isEmpty, !telling.isEmpty else { return }
        let rows = try transaction.query(
            DeliverySQL.contacts(of: failed.map(\.message), named: telling.flatMap(\.providerIDs))
        )
        var contacts: [String: UUID] = [:]
        for row in rows { contacts[try row.get("provider_id")] = try row.get("contact") }
        let told = { (consequence: Consequence) in
            telling.filter { $0.consequence == consequence }.compactMap { note in
                note.providerIDs.lazy.compactMap { contacts[$0] }.first
            }
        }
        try transaction.query(
            DeliverySQL.consequences(
                undeliverable: told(.undeliverable),
                optedOut: told(.optedOut)
            )
        )
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
