package import FunctionContract

/// The schema's history: numbered files that each run once, in order, forward only.
package struct Migrations: Sendable {
    package struct Status: Sendable, Equatable {
        package let fileName: String
        /// Nil while it is still to be applied.
        package let appliedAt: Timestamp?
    }

    private let files: [Migration]

    /// Reads `NNNN_name.sql` files; gaps, doubles and other names are refused.
    package init(folder: String) throws(DatabaseError) {
        files = try MigrationFolder.migrations(in: folder)
    }

    /// Applies what is pending, each file in a transaction of its own, and returns what it applied.
    /// Any number of processes may do this at once.
    @discardableResult
    package func apply(on connection: Connection) throws(DatabaseError) -> [Migration] {
        try Requirements.check(connection)
        let checksums = try checksums(on: connection)
        var applied: [Migration] = []
        while let migration = try applyNext(checksums, on: connection) { applied.append(migration) }
        return applied
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

    /// Applies one file, or returns nil when none is left. The lock makes rivals wait, and what
    /// they did meanwhile is seen because the history is read under it.
    private func applyNext(
        _ checksums: [String],
        on connection: Connection
    ) throws(DatabaseError) -> Migration? {
        try connection.transaction(TransactionOptions(retry: .never)) {
            (transaction) throws(DatabaseError) in
            let past = try transaction.pipeline([Self.lock, Self.table, Self.history])[2]
            let pending = try MigrationPlan.pending(
                files: files,
                checksums: checksums,
                applied: Self.applied(past)
            )
            guard let next = pending.first else { return nil }
            let start = ContinuousClock.now
            try run(next, in: transaction)
            let record = Self.record(next, checksums[next.number - 1], .now - start)
            try transaction.query(record)
            return next
        }
    }

    private func run(
        _ migration: Migration,
        in transaction: Transaction
    ) throws(DatabaseError) {
        do throws(DatabaseError) {
            try transaction.run(script: migration.sql)
        } catch {
            let line = error.line(in: migration.sql).map { ", line \($0)" } ?? ""
            throw error.with(error.code, "\(migration.fileName)\(line): \(error.message)")
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
    private static let lock = Statement("SELECT pg_advisory_xact_lock(7265617973)")

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
