private import Accounts
package import Database
private import Providers
private import Work

/// Reads the webhooks that were kept, and does what they ask for.
///
/// Workspaces take turns. A turn is a part of a line: what it changes, and how far the webhooks are
/// read, are one transaction. A reader that dies leaves the rest to the next one.
package struct Reader {
    /// What was done.
    package struct Report: Sendable, Equatable {
        package var processed = 0
        package var failed = 0
        /// What nobody understood; it is kept.
        package var unknown = 0
        /// Something is to be sent: the queue `send` has work.
        package var hasQueued = false
        package var remaining = 0
    }

    /// A part that takes longer is given up: it waits for somebody, and others need not.
    private static let partLimit = Duration.seconds(15)

    private let connection: Connection
    private let inbox: Inbox
    private let deadline: ContinuousClock.Instant?
    private var report = Report()
    /// A webhook that is read in parts.
    private var opened: ClaimedWebhook?

    /// Everything ends by the connection's deadline.
    package init(_ connection: Connection) {
        self.connection = connection
        inbox = Inbox(connection)
        deadline = connection.deadline
    }

    /// Reads until nothing waits or `isTimeUp`. What a reader that dies has in hand is free again
    /// after `lease`.
    ///
    /// What failed before goes last, but for one a run: whoever is busy all the time comes to it
    /// as well.
    package mutating func readAll(
        lease: Duration,
        until isTimeUp: () -> Bool
    ) throws(InboundError) -> Report {
        do throws(DatabaseError) {
            var owesDelayed = true
            while !isTimeUp() {
                let fresh = try inbox.claim(lease: lease)
                if let fresh { try read(fresh, isTimeUp) }
                if fresh != nil && !owesDelayed { continue }
                owesDelayed = false
                let delayed = try inbox.claimDelayed(lease: lease)
                if let delayed { try read(delayed, isTimeUp) }
                if fresh == nil && delayed == nil { return report }
            }
            report.remaining = try inbox.waiting()
            return report
        } catch {
            throw .database(error)
        }
    }

    private mutating func read(
        _ rows: Rows,
        _ isTimeUp: () -> Bool
    ) throws(DatabaseError) {
        let webhooks = try open(rows)
        guard !webhooks.isEmpty else { return }
        opened = webhooks.count == 1 ? webhooks[0] : nil
        defer { connection.deadline = deadline }
        do throws(DatabaseError) {
            try apply(Part(of: webhooks))
        } catch {
            // The workspace waits for somebody. Its lease keeps others from waiting as well.
            guard error.code == .timeout, !isTimeUp() else { throw error }
        }
    }

    /// Puts aside what cannot be read at all.
    private mutating func open(_ rows: Rows) throws(DatabaseError) -> [ClaimedWebhook] {
        var webhooks: [ClaimedWebhook] = []
        for row in rows {
            let ticket = try InboxTicket(row)
            do throws(UnreadableWebhook) {
                webhooks.append(try ClaimedWebhook(row, ticket, known: opened))
            } catch {
                report.failed += 1
                try inbox.fail(error)
            }
        }
        return webhooks
    }

    /// Together when it works, else one by one: what cannot be read holds up nobody.
    private mutating func apply(_ part: Part) throws(DatabaseError) {
        do throws(DatabaseError) {
            return try record(part)
        } catch {
            guard error.blamesStatement else { throw error }
            if part.isSingle { return try record(part.failed(error.description)) }
        }
        for single in part.singles { try apply(single) }
    }

    private mutating func record(_ part: Part) throws(DatabaseError) {
        connection.deadline = min(deadline ?? .now + Self.partLimit, .now + Self.partLimit)
        let done = try connection.transaction(
            TransactionOptions(identity: .service(part.workspace))
        ) { (transaction) throws(DatabaseError) in
            try Self.record(part, in: transaction)
        }
        report.processed += done.processed
        report.failed += done.failed
        report.unknown += done.unknown
        report.hasQueued = report.hasQueued || done.hasQueued
    }

    private static func record(
        _ part: Part,
        in transaction: Transaction
    ) throws(DatabaseError) -> Report {
        var report = Report()
        let held = try transaction.query(InboxSQL.hold(part)).count
        // The lease ran out before it began: another reader has it.
        guard held == part.slices.count else { return report }
        var part = part
        if part.slices[0].failure == nil {
            var reading = try Reading(of: part.channel, in: transaction)
            try reading.apply(&part)
            report.hasQueued = reading.hasQueued
        }
        var statements = [InboxSQL.record(part)]
        if !part.rest.isEmpty { statements.append(InboxSQL.release(part.rest)) }
        let states = try transaction.pipeline(statements)[0].map { (row) throws(DatabaseError) in
            try row.get("state", as: String.self)
        }
        guard states.count == held else {
            throw DatabaseError(.timeout, "the lease ran out: another reader has the webhooks")
        }
        report.processed = states.count { $0 == "done" }
        report.failed = states.count { $0 == "delayed" || $0 == "failed" }
        report.unknown = part.slices.reduce(0) { $0 + $1.unknownCount }
        return report
    }
}

extension DatabaseError {
    /// Whether what was asked for is at fault, and not the server, the network or a rival: asking
    /// again for the same would end the same.
    fileprivate var blamesStatement: Bool {
        switch code {
        case .uniqueViolation, .foreignKeyViolation, .notNullViolation, .checkViolation,
            .exclusionViolation, .invalidValue, .decoding:
            true
        case .other: !Self.states.contains(String((sqlState ?? "").prefix(2)))
        case .unreachable, .authentication, .timeout, .connectionLost, .commitUnknown,
            .serialization, .deadlock, .permission, .invalidStatement, .migration, .configuration:
            false
        }
    }

    /// Classes of SQLSTATE that tell about the server: its resources, its state, its disk.
    private static let states: Set = ["25", "40", "53", "55", "57", "58", "XX"]
}
