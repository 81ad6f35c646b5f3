import FunctionContract
import FunctionRuntime

extension Command {
    static let migrate = Command(
        name: "migrate",
        summary: "Bring the database's tables to this version; --status only looks.",
        options: [
            .init("status", nil, "list the migrations and change nothing"),
            .init("minutes", "number", "how long it may take, 1 to 1440 [15]"), .binaries,
        ],
        notes: """
            Logs in with DATABASE_OWNER_URL, or with DATABASE_URL when that owns the tables. Any
            number of these may run at once; a migration that was changed after it ran is refused.

            Functions may go on working. A change waits at most 3 seconds for a lock, so that it
            holds up nobody for longer, and tries 40 times within about 5 minutes. Indexes of large
            tables are built while others write. When the time ends, or the command is killed, what
            was finished stays: run it again, with more --minutes, and it goes on from there.
            """
    ) { arguments, environment in
        let store = StoreClient(arguments, environment)
        let minutes = try arguments.number("minutes", 1...1440) ?? 15
        guard !arguments.has("status") else {
            try show(try store.ask("GET", "/migrations", for: .migrating(minutes: minutes)))
            return 0
        }
        let answer = try store.ask("POST", "/migrations", for: .migrating(minutes: minutes))
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
