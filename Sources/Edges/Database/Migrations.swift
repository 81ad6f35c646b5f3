package import FunctionContract

/// The schema's history: numbered files that each run once, in order, forward only.
package struct Migrations: Sendable {
    package struct Status: Sendable, Equatable {
        package let fileName: String
        /// Nil while it is still to be applied.
        package let appliedAt: Timestamp?
    }

    private let files: [Migration]

    /// Reads `NNNN_name.sql` files; gaps, doubles, other names and files that were cut short are
    /// refused.
    package init(folder: String) throws(DatabaseError) {
        files = try MigrationFolder.migrations(in: folder)
    }

    /// Applies what is pending, each file in a transaction of its own or step by step, and returns
    /// what it applied. Any number of processes may do this at once.
    @discardableResult
    package func apply(
        on connection: Connection,
        patience: LockPatience = LockPatience()
    ) throws(DatabaseError) -> [Migration] {
        try Requirements.check(connection)
        let checksums = try checksums(on: connection)
        var applied: [Migration] = []
        while true {
            switch try applyNext(checksums, patience, on: connection) {
            case .applied(let migration): applied.append(migration)
            case .stepwise(let migration):
                if try applySteps(of: migration, checksums, patience, on: connection) {
                    applied.append(migration)
                }
            case .busy: patience.retry.sleep(Self.pauseWhileBusy)
            case .nothing: return applied
            }
        }
    }

    /// Every file, and when it was applied. Throws when the database and the files disagree.
    package func status(on connection: Connection) throws(DatabaseError) -> [Status] {
        let checksums = try checksums(on: connection)
        let exists: Bool = try connection.query(
            "SELECT to_regclass('relais_migration') IS NOT NULL AS exists"
        )[0].get("exists")
        let rows = exists ? try connection.query(Self.history) : nil
        let applied = try Self.applied(rows)
        _ = try MigrationPlan.pending(files: files, checksums: checksums, applied: applied)
        var status: [Status] = []
        for (position, file) in files.enumerated() {
            let row = position < applied.count ? rows?[position] : nil
            status.append(
                Status(fileName: file.fileName, appliedAt: try row?.get("applied_at"))
            )
        }
        return status
    }

    /// What became of the next file.
    private enum Turn {
        case applied(Migration)
        /// It runs step by step: it needs the lock for longer than one transaction.
        case stepwise(Migration)
        /// A rival is at work.
        case busy
        case nothing
    }

    private func applyNext(
        _ checksums: [String],
        _ patience: LockPatience,
        on connection: Connection
    ) throws(DatabaseError) -> Turn {
        try patience.wait(on: connection) { () throws(DatabaseError) -> Turn in
            try connection.transaction(TransactionOptions(retry: .never)) {
                (transaction) throws(DatabaseError) in
                guard try isAlone(transaction) else { return .busy }
                guard let next = try next(checksums, in: transaction) else { return .nothing }
                if next.runsStepByStep { return .stepwise(next) }
                let start = ContinuousClock.now
                try transaction.query(patience.setting)
                try run(next, in: transaction)
                try transaction.query(Self.record(next, checksums[next.number - 1], .now - start))
                return .applied(next)
            }
        }
    }

    /// Another connection keeps rivals away in a transaction that does nothing else. It may stay
    /// idle for as long as the steps take, and holds up no index that is being built. False when a
    /// rival came first.
    private func applySteps(
        of migration: Migration,
        _ checksums: [String],
        _ patience: LockPatience,
        on connection: Connection
    ) throws(DatabaseError) -> Bool {
        let guardian = connection.another()
        return try guardian.transaction(TransactionOptions(retry: .never)) {
            (transaction) throws(DatabaseError) in
            guard try isAlone(transaction),
                try next(checksums, in: transaction) == migration
            else { return false }
            try transaction.run(script: Self.idleWithoutLimit)
            let checksum = checksums[migration.number - 1]
            let start = ContinuousClock.now
            try MigrationSteps(migration, checksum, patience).run(on: connection)
            try transaction.pipeline([
                MigrationSteps.forget(migration), Self.record(migration, checksum, .now - start),
            ])
            return true
        }
    }

    /// Whether this transaction keeps rivals away, to its end. It does not wait for the lock: who
    /// waits has a snapshot, and an index that is built by a rival would wait for that in turn.
    private func isAlone(_ transaction: Transaction) throws(DatabaseError) -> Bool {
        try transaction.query(Self.lock)[0].get("is_alone")
    }

    /// The first file that is pending. The history is read under the lock, so that what rivals did
    /// meanwhile is seen.
    private func next(
        _ checksums: [String],
        in transaction: Transaction
    ) throws(DatabaseError) -> Migration? {
        let past = try transaction.pipeline([Self.table, Self.history])[1]
        return try MigrationPlan.pending(
            files: files,
            checksums: checksums,
            applied: Self.applied(past)
        ).first
    }

    private func run(
        _ migration: Migration,
        in transaction: Transaction
    ) throws(DatabaseError) {
        do throws(DatabaseError) {
            try transaction.run(script: migration.sql)
        } catch {
            throw error.at(error.line(in: migration.sql), of: migration)
        }
    }

    /// PostgreSQL computes the digests: it has SHA-256, and we need none of our own.
    private func checksums(on connection: Connection) throws(DatabaseError) -> [String] {
        let rows = try connection.query(
            """
            SELECT encode(sha256(content), 'hex') AS checksum
            FROM unnest($1) WITH ORDINALITY AS file (content, position) ORDER BY position
            """,
            .byteStrings(files.map { Array($0.sql.utf8) })
        )
        return try rows.map { (row) throws(DatabaseError) in try row.get("checksum") }
    }
}

// MARK: The history

extension Migrations {
    /// Held to the end of the transaction; the number is this table's own and means nothing.
    private static let lock = Statement(
        "SELECT pg_try_advisory_xact_lock(7265617973) AS is_alone"
    )

    private static let pauseWhileBusy = Duration.milliseconds(100)

    /// Some servers end transactions that are idle, or long; `transaction_timeout` came with 17.
    ///
    /// To be run as a script: a statement with a portal would keep its snapshot while the
    /// transaction is idle, and the building of an index waits for every snapshot.
    private static let idleWithoutLimit = """
        SELECT set_config(name, '0', true) FROM pg_settings
        WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')
        """

    private static let table = Statement(
        """
        CREATE TABLE IF NOT EXISTS relais_migration (
            number int PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            duration interval NOT NULL
        )
        """
    )

    private static let history = Statement(
        "SELECT number, name, checksum, applied_at FROM relais_migration ORDER BY number"
    )

    private static func record(
        _ migration: Migration,
        _ checksum: String,
        _ duration: Duration
    ) -> Statement {
        Statement(
            """
            INSERT INTO relais_migration (number, name, checksum, duration)
            VALUES ($1, $2, $3, make_interval(secs => $4))
            """,
            .int(migration.number),
            .text(migration.name),
            .text(checksum),
            .double(duration / .seconds(1))
        )
    }

    private static func applied(_ rows: Rows?) throws(DatabaseError) -> [AppliedMigration] {
        var applied: [AppliedMigration] = []
        for row in rows.map(Array.init) ?? [] {
            applied.append(
                AppliedMigration(
                    number: try row.get("number"),
                    name: try row.get("name"),
                    checksum: try row.get("checksum")
                )
            )
        }
        return applied
    }
}
