/// Decides which migrations are pending, from the files and the database's history.
enum MigrationPlan {
    /// Sorts the files. Throws unless they are numbered 1, 2, 3, … without gaps or duplicates.
    static func inOrder(_ migrations: [Migration]) throws(DatabaseError) -> [Migration] {
        let ordered = migrations.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
        for (position, migration) in ordered.enumerated() {
            if position > 0, ordered[position - 1].number == migration.number {
                let twin = ordered[position - 1].fileName
                throw refusal("\(twin) and \(migration.fileName) have the same number")
            }
            guard migration.number == position + 1 else {
                throw refusal("migration \(position + 1) is missing before \(migration.fileName)")
            }
        }
        return ordered
    }

    /// The files that are not applied yet. Throws unless the applied migrations are the first
    /// files, unchanged. `checksums` holds one entry per file, in the same order.
    static func pending(
        files: [Migration],
        checksums: [String],
        applied: [AppliedMigration]
    ) throws(DatabaseError) -> ArraySlice<Migration> {
        precondition(files.count == checksums.count, "every file has a checksum")
        for (position, past) in applied.enumerated() {
            guard past.number == position + 1 else {
                throw refusal("the database has no record of migration \(position + 1)")
            }
            guard position < files.count else {
                throw refusal("\(past.fileName) was applied by a newer version of this program")
            }
            guard files[position].name == past.name else {
                throw refusal("\(past.fileName) was applied, but its file is gone or renamed")
            }
            guard checksums[position] == past.checksum else {
                throw refusal(
                    "\(past.fileName) was changed after it was applied:"
                        + " restore it and put the change in a new migration"
                )
            }
        }
        return files[applied.count...]
    }

    private static func refusal(_ message: String) -> DatabaseError {
        DatabaseError(.migration, message)
    }
}
