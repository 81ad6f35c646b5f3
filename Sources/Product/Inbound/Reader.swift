private import Accounts
package import Database
private import Providers
private import Work

/// Reads the stored webhooks and applies their events.
///
/// Workspaces take turns. A turn is one part of a line. One transaction applies the part's changes
/// and records how far its webhooks are read. When a reader dies, the next one continues from
/// there.
package struct Reader {
    /// The result of a run.
    package struct Report: Sendable, Equatable {
        package var processed = 0
        package var failed = 0
        /// Events that were not understood; their webhooks are kept.
        package var unknown = 0
        /// Whether messages were queued, so that the queue `send` has work.
        package var hasQueued = false
        package var remaining = 0
    }

    private let connection: Connection
    private let inbox: Inbox
    private let deadline: ContinuousClock.Instant?
    private let partLimit: Duration
    private var report = Report()
    /// The webhook that is being read in parts.
    private var opened: ClaimedWebhook?

    /// All work ends by the connection's deadline. A part that takes longer than `partLimit` is
    /// abandoned: it waits for a lock, and other workspaces should not wait too.
    package init(_ connection: Connection, partLimit: Duration = .seconds(15)) {
        self.connection = connection
        self.partLimit = partLimit
        inbox = Inbox(connection)
        deadline = connection.deadline
    }

    /// Reads until no webhook waits or `isTimeUp`. If a reader dies, its claimed webhooks are free
    /// again after `lease`.
    ///
    /// Webhooks that failed before go last. One of them goes earlier in each run, so that a reader
    /// with constant new work retries them too.
    package mutating func readAll(
        lease: Duration,
        until isTimeUp: () -> Bool
    ) throws(InboundError) -> Report {
        do throws(DatabaseError) {
            var owesDelayed = true
            while !isTimeUp() {
                let fresh = try inbox.claim(lease: lease)
                if let fresh { try read(fresh, lease) }
                if fresh != nil && !owesDelayed { continue }
                owesDelayed = false
                if isTimeUp() { break }
                let delayed = try inbox.claimDelayed(lease: lease)
                if let delayed { try read(delayed, lease) }
                if fresh == nil && delayed == nil { return report }
            }
            report.remaining = try inbox.waiting()
            return report
        } catch {
            throw .database(error)
        }
    }

    private mutating func read(_ rows: Rows, _ lease: Duration) throws(DatabaseError) {
        let webhooks = try open(rows)
        guard !webhooks.isEmpty else { return }
        opened = webhooks.count == 1 ? webhooks[0] : nil
        defer { connection.deadline = deadline }
        do throws(DatabaseError) {
            try apply(Part(of: webhooks), lease)
        } catch {
            guard error.code == .timeout else { throw error }
            // The part waits for a lock. Its lease keeps other readers from waiting too.
            try forgive(webhooks.map(\.ticket))
        }
    }

    /// This reader gave up, but it did not die: its claims do not count.
    private func forgive(_ tickets: [InboxTicket]) throws(DatabaseError) {
        connection.deadline = instant(after: Self.reserve, atMost: deadline)
        do throws(DatabaseError) {
            try inbox.forgive(tickets)
        } catch {
            // The server still holds the webhooks for the abandoned part. This claim counts.
            guard error.code == .timeout else { throw error }
        }
    }

    /// The time that a part leaves for what follows when it is abandoned.
    private static let reserve = Duration.seconds(1)

    private func instant(
        after pause: Duration,
        atMost latest: ContinuousClock.Instant?
    ) -> ContinuousClock.Instant {
        let instant = ContinuousClock.now + pause
        return latest.map { min($0, instant) } ?? instant
    }

    /// Puts aside webhooks that cannot be read at all.
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

    /// Applies all events together. If that fails, applies each half of them, until the events
    /// that cannot be read are alone: they block no other.
    private mutating func apply(_ part: Part, _ lease: Duration) throws(DatabaseError) {
        do throws(DatabaseError) {
            return try record(part, lease)
        } catch {
            guard error.blamesStatement else { throw error }
            if part.isSingle { return try record(part.failed(error.description), lease) }
        }
        let halves = part.halves
        try apply(halves.first, lease)
        try apply(halves.second, lease)
    }

    private mutating func record(_ part: Part, _ lease: Duration) throws(DatabaseError) {
        connection.deadline = instant(after: partLimit, atMost: deadline.map { $0 - Self.reserve })
        let done = try connection.transaction(
            TransactionOptions(identity: .service(part.workspace))
        ) { (transaction) throws(DatabaseError) in
            try Self.record(part, lease, in: transaction)
        }
        report.processed += done.processed
        report.failed += done.failed
        report.unknown += done.unknown
        report.hasQueued = report.hasQueued || done.hasQueued
    }

    private static func record(
        _ part: Part,
        _ lease: Duration,
        in transaction: Transaction
    ) throws(DatabaseError) -> Report {
        var report = Report()
        let held = try transaction.query(InboxSQL.hold(part)).count
        guard held == part.slices.count else { throw .leaseLost }
        var part = part
        if part.slices[0].failure == nil {
            var reading = try Reading(of: part.channel, in: transaction)
            try reading.apply(&part)
            report.hasQueued = reading.hasQueued
        }
        var statements = [InboxSQL.record(part, lease)]
        if !part.rest.isEmpty {
            statements.append(
                part.isFollowed
                    ? InboxSQL.keep(part.rest, lease) : InboxSQL.release(part.rest)
            )
        }
        let states = try transaction.pipeline(statements)[0].column("state", as: String.self)
        guard states.count == held else { throw .leaseLost }
        report.processed = states.count { $0 == "done" }
        report.failed = states.count { $0 == "delayed" || $0 == "failed" }
        report.unknown = part.slices.reduce(0) { $0 + $1.unknownCount }
        return report
    }
}

extension DatabaseError {
    fileprivate static var leaseLost: DatabaseError {
        DatabaseError(.timeout, "the lease ran out: another reader has the webhooks")
    }

    /// Whether the statement or its values are at fault, not the server, the network or a
    /// concurrent transaction. A retry would fail the same way.
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

    /// SQLSTATE classes that describe the server: its resources, its state, its disk.
    private static let states: Set = ["25", "40", "53", "55", "57", "58", "XX"]
}
