/// What is left to do, decided from the files and from what the database remembers.
enum MigrationPlan {
    /// The files in order, provided they are numbered 1, 2, 3, … without gap or double.
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

    /// The files that were not applied yet. What was applied must be the beginning of the files,
    /// unchanged. `checksums` belong to `files`, position by position.
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
