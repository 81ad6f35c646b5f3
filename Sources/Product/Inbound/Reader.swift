private import Accounts
package import Database
private import Providers
private import Work

/// Reads the webhooks that were kept, and does what they ask for.
///
/// Each is done once: what it changes and that it was read are one transaction. Whoever dies in the
/// middle leaves it to the next reader.
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

    private let connection: Connection
    private let inbox: Inbox

    package init(_ connection: Connection) {
        self.connection = connection
        inbox = Inbox(connection)
    }

    /// Reads until nothing waits or `isTimeUp`. What a reader that dies has in hand is free again
    /// after `lease`.
    package func readAll(
        lease: Duration,
        until isTimeUp: () -> Bool
    ) throws(InboundError) -> Report {
        try InboundError.wrap { () throws(DatabaseError) in
            var report = Report()
            while !isTimeUp(), let webhook = try inbox.claimDelayed(lease: lease) {
                try read([webhook], &report)
            }
            while !isTimeUp() {
                let webhooks = try inbox.claim(lease: lease)
                if webhooks.isEmpty { return report }
                try read(webhooks, &report)
            }
            report.remaining = try inbox.waiting()
            return report
        }
    }

    /// Together when it works, else one by one: what cannot be read holds up nobody.
    private func read(
        _ webhooks: [ClaimedWebhook],
        _ report: inout Report
    ) throws(DatabaseError) {
        do throws(DatabaseError) {
            return try apply(webhooks, &report)
        } catch {
            if !error.blamesStatement { throw error }
            if let only = webhooks.first, webhooks.count == 1 {
                report.failed += 1
                return try inbox.fail(only, error.description)
            }
        }
        for webhook in webhooks { try read([webhook], &report) }
    }

    private func apply(
        _ webhooks: [ClaimedWebhook],
        _ report: inout Report
    ) throws(DatabaseError) {
        if let first = webhooks.first, webhooks.count == 1, first.token > Inbox.claimLimit {
            let error = "its readers ended before they had read it, \(Inbox.claimLimit) times"
            throw DatabaseError(.other, error)
        }
        let read = try webhooks.map(Self.events)
        let done = try connection.transaction(
            TransactionOptions(identity: .service(webhooks[0].workspace))
        ) { (transaction) throws(DatabaseError) in
            try Self.apply(read, in: transaction)
        }
        report.processed += webhooks.count
        report.unknown += done.unknown
        report.hasQueued = report.hasQueued || done.hasQueued
    }

    private static func apply(
        _ read: [ReadWebhook],
        in transaction: Transaction
    ) throws(DatabaseError) -> (unknown: Int, hasQueued: Bool) {
        var read = read
        var reading = try Reading(of: read[0].webhook.channel, in: transaction)
        try reading.apply(&read)
        let finished = try transaction.query(InboxSQL.finish(read)).affected
        guard finished == read.count else {
            throw DatabaseError(.timeout, "the lease ran out: another reader has the webhooks")
        }
        return (read.reduce(0) { $0 + $1.unknownCount }, reading.hasQueued)
    }

    private static func events(of webhook: ClaimedWebhook) throws(DatabaseError) -> ReadWebhook {
        do {
            return ReadWebhook(
                webhook: webhook,
                events: try webhook.provider.events(in: webhook.body)
            )
        } catch {
            throw DatabaseError(.decoding, error.description)
        }
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
