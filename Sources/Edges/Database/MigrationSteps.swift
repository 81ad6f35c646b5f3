/// Runs a file with one transaction per statement, and resumes after an interruption.
///
/// Each statement commits together with the record that it is done. CREATE INDEX CONCURRENTLY
/// cannot run in a transaction. After an interruption, its index is looked up by name: a valid
/// index is kept, an invalid one is dropped and built again.
struct MigrationSteps {
    private let migration: Migration
    private let checksum: String
    private let patience: LockPatience
    private let steps: [SQLText.Statement]

    init(_ migration: Migration, _ checksum: String, _ patience: LockPatience) {
        self.migration = migration
        self.checksum = checksum
        self.patience = patience
        steps = SQLText(migration.sql).statements
    }

    func run(on connection: Connection) throws(DatabaseError) {
        for (number, step) in steps.enumerated().dropFirst(try done(on: connection)) {
            do throws(DatabaseError) {
                if let index = try ConcurrentIndex(step.sql) {
                    try run(index, on: connection)
                    try connection.query(record(number + 1))
                } else {
                    try run(step, number + 1, on: connection)
                }
            } catch {
                let line = error.line(in: step.sql).map { $0 - 1 } ?? 0
                throw error.at(step.line + line, of: migration)
            }
        }
    }

    private func run(
        _ step: SQLText.Statement,
        _ number: Int,
        on connection: Connection
    ) throws(DatabaseError) {
        try patience.wait(on: connection) { () throws(DatabaseError) in
            try connection.transaction(TransactionOptions(retry: .never)) {
                (transaction) throws(DatabaseError) in
                try transaction.query(patience.setting)
                try transaction.run(script: step.sql)
                try transaction.query(record(number))
            }
        }
    }

    /// Sets no lock timeout: only other schema changes of the same table wait behind it.
    private func run(
        _ index: ConcurrentIndex,
        on connection: Connection
    ) throws(DatabaseError) {
        guard case .create(let name) = index.kind else {
            return try connection.run(script: index.sql)
        }
        try patience.wait(on: connection) { () throws(DatabaseError) in
            try connection.query(endBuild(index))
            switch try state(of: name, on: connection) {
            case .usable: return
            case .broken: try connection.run(script: "DROP INDEX CONCURRENTLY IF EXISTS \(name)")
            case .missing: break
            }
            try connection.run(script: index.sql)
        }
    }

    /// Ends a build that the server continues for a client that was killed. Nobody else builds,
    /// because this process holds the lock. But the build may wait for the transaction that holds
    /// the lock, and this process would wait for the build: for ever, unseen by the server.
    private func endBuild(_ index: ConcurrentIndex) -> Statement {
        Statement(
            """
            SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active'
                AND left(query, 500) = left($1, 500) AND pid <> pg_backend_pid()
            """,
            .text(index.sql)
        )
    }

    private enum IndexState { case missing, broken, usable }

    private func state(
        of index: String,
        on connection: Connection
    ) throws(DatabaseError) -> IndexState {
        let rows = try connection.query(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)",
            .text(index)
        )
        guard let row = rows.first else { return .missing }
        return try row.get("indisvalid") ? .usable : .broken
    }
}

// MARK: Progress

extension MigrationSteps {
    private func done(on connection: Connection) throws(DatabaseError) -> Int {
        try connection.query(
            """
            CREATE TABLE IF NOT EXISTS relais_migration_step (
                number int PRIMARY KEY,
                checksum text NOT NULL,
                done int NOT NULL
            )
            """
        )
        let rows = try connection.query(
            "SELECT checksum, done FROM relais_migration_step WHERE number = $1",
            .int(migration.number)
        )
        guard let row = rows.first else { return 0 }
        guard try row.get("checksum") == checksum else {
            throw DatabaseError(
                .migration,
                "\(migration.fileName) was changed after its first steps were done: restore it, and"
                    + " run `local-runner migrate` again"
            )
        }
        return try row.get("done")
    }

    private func record(_ done: Int) -> Statement {
        Statement(
            """
            INSERT INTO relais_migration_step (number, checksum, done) VALUES ($1, $2, $3)
            ON CONFLICT (number) DO UPDATE SET done = excluded.done
            """,
            .int(migration.number),
            .text(checksum),
            .int(done)
        )
    }

    /// Deletes the record of the steps, in the transaction that marks the whole file as applied.
    static func forget(_ migration: Migration) -> Statement {
        Statement(
            "DELETE FROM relais_migration_step WHERE number = $1",
            .int(migration.number)
        )
    }
}

/// A statement that builds or drops an index without blocking writes.
struct ConcurrentIndex {
    enum Kind: Equatable {
        /// The name of the index, with the schema of its table.
        case create(String)
        case drop
    }

    let sql: String
    let kind: Kind

    /// Nil for any other statement. Throws for a form that could not run a second time.
    init?(_ sql: String) throws(DatabaseError) {
        let words = sql.split { $0.isWhitespace || $0 == "(" }.map(String.init)
        let upper = words.map { $0.uppercased() }
        guard upper.prefix(4).contains("CONCURRENTLY") else { return nil }
        self.sql = sql
        let start = upper.filter { $0 != "UNIQUE" }
        if start.starts(with: ["DROP", "INDEX", "CONCURRENTLY", "IF", "EXISTS"]) {
            kind = .drop
            return
        }
        guard start.starts(with: ["CREATE", "INDEX", "CONCURRENTLY", "IF", "NOT", "EXISTS"]),
            let on = upper.firstIndex(of: "ON"),
            let table = words[(on + 1)...].first(where: { $0.uppercased() != "ONLY" })
        else {
            throw DatabaseError(
                .migration,
                "only CREATE INDEX CONCURRENTLY IF NOT EXISTS and DROP INDEX CONCURRENTLY IF EXISTS"
                    + " can be run again after they were broken off"
            )
        }
        let schema = table.split(separator: ".").dropLast().map { "\($0)." }.joined()
        kind = .create(schema + words[on - 1])
    }
}

extension DatabaseError {
    /// This error with the migration's file name and line.
    func at(_ line: Int?, of migration: Migration) -> DatabaseError {
        let place = line.map { ", line \($0)" } ?? ""
        let ending =
            code == .timeout && sqlState != "55P03" && !message.contains("local-runner migrate")
            ? ". What was finished stays: run `local-runner migrate` again, with more --minutes"
            : ""
        return with(code, "\(migration.fileName)\(place): \(message)\(ending)")
    }
}
