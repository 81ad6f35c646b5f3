package import FunctionContract

/// The schema migrations: numbered files that each run once, in order, forward only.
package struct Migrations: Sendable {
    package struct Status: Sendable, Equatable {
        package let fileName: String
        /// Nil while the migration is pending.
        package let appliedAt: Timestamp?
    }

    private let files: [Migration]

    /// Reads `NNNN_name.sql` files. Throws on gaps, duplicates, other names and truncated files.
    package init(folder: String) throws(DatabaseError) {
        files = try MigrationFolder.migrations(in: folder)
    }

    /// Applies the pending migrations and returns them. Each file runs in one transaction or step
    /// by step. Several processes may call this at once.
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

    /// Every file with the time it was applied. Throws when database and files disagree.
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

    /// The result of one attempt at the next file.
    private enum Turn {
        case applied(Migration)
        /// The file runs step by step, so it needs the lock for longer than one transaction.
        case stepwise(Migration)
        /// Another process holds the lock.
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

    /// Applies a file step by step. A second connection holds the lock in a transaction that is
    /// otherwise idle. That transaction may stay idle for as long as the steps take, and it delays
    /// no index build. Returns false when another process got the lock first.
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

    /// Takes the lock until the end of the transaction; false when another process holds it. It
    /// does not wait: a waiting statement holds a snapshot, and the other process's index build
    /// would wait for that snapshot.
    private func isAlone(_ transaction: Transaction) throws(DatabaseError) -> Bool {
        try transaction.query(Self.lock)[0].get("is_alone")
    }

    /// The first pending file. Reading the history under the lock includes other processes' work.
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

    /// PostgreSQL computes the SHA-256 digests, so this module needs no implementation.
    private func checksums(on connection: Connection) throws(DatabaseError) -> [String] {
        let rows = try connection.query(
            """
            SELECT encode(sha256(content), 'hex') AS checksum
            FROM unnest($1) WITH ORDINALITY AS file (content, position) ORDER BY position
            """,
            .byteStrings(files.map { Array($0.sql.utf8) })
        )
        return try rows.column("checksum")
    }
}

// MARK: History

extension Migrations {
    /// Held until the end of the transaction. The number is arbitrary and used only for this lock.
    private static let lock = Statement(
        "SELECT pg_try_advisory_xact_lock(7265617973) AS is_alone"
    )

    private static let pauseWhileBusy = Duration.milliseconds(100)

    /// Switches off the server's limits for idle and for long transactions. `transaction_timeout`
    /// exists since PostgreSQL 17.
    ///
    /// Run it as a script: a statement with a portal would keep its snapshot while the transaction
    /// is idle, and an index build waits for every snapshot.
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
