import FunctionContract
import FunctionRuntime

extension Command {
    static let migrate = Command(
        name: "migrate",
        summary: "Bring the database's tables to this version; --status only looks.",
        options: [.init("status", nil, "list the migrations and change nothing"), .binaries],
        notes: """
            Logs in with DATABASE_OWNER_URL, or with DATABASE_URL when that owns the tables. Any
            number of these may run at once; a migration that was changed after it ran is refused.
            """
    ) { arguments, environment in
        let store = StoreClient(arguments, environment)
        guard !arguments.has("status") else {
            try show(try store.ask("GET", "/migrations", for: .migrating))
            return 0
        }
        let answer = try store.ask("POST", "/migrations", for: .migrating)
        let applied = answer["applied"]?.array?.compactMap(\.string) ?? []
        let text =
            applied.isEmpty
            ? "The tables are up to date.\n" : applied.map { "Applied \($0)\n" }.joined()
        try Descriptor.standardOutput.write(Array(text.utf8))
        return 0
    }

    private static func show(_ answer: JSON) throws {
        var table = Table(["MIGRATION", "APPLIED"])
        for migration in answer["migrations"]?.array ?? [] {
            table.add([
                migration["file"]?.string ?? "", migration["appliedAt"]?.string ?? "pending",
            ])
        }
        try Descriptor.standardOutput.write(Array(table.text.utf8))
    }
}
