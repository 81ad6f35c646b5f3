import Database
import FunctionContract

extension StoreState {
    /// Every migration with the time when it was applied. Throws when a file was changed
    /// afterwards.
    func describeMigrations() throws -> HTTPReply {
        .json(["migrations": .array(try statusOfMigrations())])
    }

    /// Applies the pending migrations, as the owner of the tables.
    func migrate() throws -> HTTPReply {
        let applied = try Migrations(folder: migrationFolder).apply(on: owner)
        return .json([
            "applied": .array(applied.map { .string($0.fileName) }),
            "migrations": .array(try statusOfMigrations()),
        ])
    }

    private func statusOfMigrations() throws -> [JSON] {
        try Migrations(folder: migrationFolder).status(on: owner).map { status in
            [
                "file": .string(status.fileName),
                "appliedAt": status.appliedAt.map { .string($0.description) } ?? .null,
            ]
        }
    }
}
