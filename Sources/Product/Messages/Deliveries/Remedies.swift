internal import Database
internal import FunctionContract
internal import Providers

/// Handles receipts of failures that may not be final. They have the same effect as a failure in
/// the answer to the send.
///
/// A failure counts once, for the attempt that it was reported for. That attempt must be the last,
/// and no better status may be known.
struct Remedies {
    private let channel: UUID
    private let transaction: Transaction
    private var returns: [Return] = []
    private var failures: [DeliveryNote] = []
    private var verdicts: [(verdict: Verdict, template: UUID?)] = []

    init(on channel: UUID, in transaction: Transaction) {
        self.channel = channel
        self.transaction = transaction
    }

    /// Returns the messages that changed.
    mutating func apply(_ notes: [DeliveryNote]) throws(DatabaseError) -> [Rows] {
        try weigh(notes)
        var statements: [Statement] = []
        if !returns.isEmpty { statements.append(RemedySQL.giveBack(returns)) }
        if !failures.isEmpty { statements.append(DeliverySQL.apply(failures, on: channel)) }
        let moved = statements.count
        statements += reactions
        return statements.isEmpty ? [] : Array(try transaction.pipeline(statements).prefix(moved))
    }

    private mutating func weigh(_ notes: [DeliveryNote]) throws(DatabaseError) {
        let found = try transaction.query(DeliverySQL.find(notes, on: channel))
        if found.isEmpty { return }
        let messages = try found.column("id", as: UUID.self)
        var standings: [UUID: Standing] = [:]
        for row in try transaction.pipeline(RemedySQL.stand(messages))[2] {
            let standing = try Standing(row)
            if standing.isOut { standings[standing.message] = standing }
        }
        for (message, row) in zip(messages, found) {
            let attempt: Int = try row.get("attempt")
            guard let standing = standings[message], standing.attempt == attempt else { continue }
            standings[message] = nil
            weigh(notes[try row.get("place")], standing)
        }
    }

    private mutating func weigh(_ note: DeliveryNote, _ standing: Standing) {
        guard let remedy = note.remedy else { return }
        let verdict = Verdict(remedy, attempt: standing.attempt, failures: standing.failures)
        verdicts.append((verdict, standing.template))
        if standing.isOpen, case .again(let wait, let counts, let reason) = verdict.fate {
            returns.append(
                Return(standing: standing, wait: wait, counts: counts, reason: reason)
            )
        } else {
            var failure = note
            failure.remedy = nil
            failures.append(failure)
        }
    }

    private var reactions: [Statement] {
        var hold: (wait: Duration, reason: Reason)?
        for case .hold(let wait, _, let reason) in verdicts.map(\.verdict.channel)
        where wait > hold?.wait ?? .zero {
            hold = (wait, reason)
        }
        let held = hold.map { ReactionSQL.hold(channel, for: $0.wait, because: $0.reason) }
        return (held.map { [$0] } ?? []) + ReactionSQL.pauses(verdicts, of: channel)
    }
}
