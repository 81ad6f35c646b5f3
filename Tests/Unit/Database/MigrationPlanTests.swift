import Testing

@testable import Database

struct MigrationPlanTests {
    private func file(_ name: String) throws -> Migration {
        try #require(Migration(fileName: name, sql: "SELECT 1"))
    }

    private func past(_ number: Int, _ name: String, _ checksum: String) -> AppliedMigration {
        AppliedMigration(number: number, name: name, checksum: checksum)
    }

    @Test func readsNumberAndName() throws {
        let migration = try file("0042_add_tags_2.sql")
        #expect(migration.number == 42)
        #expect(migration.name == "add_tags_2")
        #expect(migration.fileName == "0042_add_tags_2.sql")
    }

    @Test(arguments: [
        "42_x.sql", "0042.sql", "0042_.sql", "0042_x", "0042-x.sql", "0042_X.sql", "0000_x.sql",
        "00042_x.sql", "x_0042.sql", "+042_x.sql", "٠٠٤٢_x.sql", "0042_x.SQL", "0042_a b.sql",
    ])
    func refusesOtherNames(_ name: String) {
        #expect(Migration(fileName: name, sql: "") == nil)
    }

    @Test func ordersByNumber() throws {
        let files = [try file("0002_b.sql"), try file("0001_a.sql")]
        #expect(try MigrationPlan.inOrder(files).map(\.name) == ["a", "b"])
        #expect(try MigrationPlan.inOrder([]).isEmpty)
    }

    @Test(arguments: [
        (["0002_b.sql"], "migration 1 is missing before 0002_b.sql"),
        (["0001_a.sql", "0003_c.sql"], "migration 2 is missing before 0003_c.sql"),
        (["0001_a.sql", "0001_b.sql"], "0001_a.sql and 0001_b.sql have the same number"),
    ])
    func refusesGapsAndDoubles(_ names: [String], _ message: String) throws {
        let files = try names.map(file)
        let error = #expect(throws: DatabaseError.self) { try MigrationPlan.inOrder(files) }
        #expect(error?.message == message)
    }

    @Test func whatIsAppliedIsNotPending() throws {
        let files = [try file("0001_a.sql"), try file("0002_b.sql")]
        for done in 0...2 {
            let applied = [past(1, "a", "x"), past(2, "b", "y")].prefix(done)
            let pending = try MigrationPlan.pending(
                files: files,
                checksums: ["x", "y"],
                applied: Array(applied)
            )
            #expect(Array(pending) == Array(files.dropFirst(done)))
        }
    }

    @Test func refusesAnotherHistory() throws {
        let files = [try file("0001_a.sql")]
        let cases: [([AppliedMigration], String)] = [
            ([past(1, "a", "other")], "0001_a.sql was changed after it was applied"),
            ([past(1, "z", "x")], "0001_z.sql was applied, but its file is gone or renamed"),
            ([past(1, "a", "x"), past(2, "b", "y")], "0002_b.sql was applied by a newer version"),
            ([past(2, "b", "y")], "no record of migration 1"),
        ]
        for (applied, message) in cases {
            let error = #expect(throws: DatabaseError.self) {
                try MigrationPlan.pending(files: files, checksums: ["x"], applied: applied)
            }
            #expect(error?.message.contains(message) == true)
        }
    }

    @Test(
        arguments: [
            (15, "0.8.0", nil, nil), (18, "0.8.5", "0.8.5", nil), (16, "0.10.0", nil, nil),
            (16, "1.0", nil, nil), (14, "0.8.0", nil, "PostgreSQL 14 is too old"),
            (15, nil, nil, "no extension vector"), (15, "0.7.4", nil, "pgvector 0.7.4 is too old"),
            (17, "0.8.0", "0.5.1", "ALTER EXTENSION vector UPDATE"),
        ] as [(Int, String?, String?, String?)]
    )
    func saysWhatTheServerLacks(
        _ server: Int,
        _ available: String?,
        _ installed: String?,
        _ complaint: String?
    ) {
        var message: String?
        do throws(DatabaseError) {
            try Requirements.check(server: server, available: available, installed: installed)
        } catch {
            message = error.message
        }
        #expect((message == nil) == (complaint == nil))
        if let complaint { #expect(message?.contains(complaint) == true) }
    }
}
