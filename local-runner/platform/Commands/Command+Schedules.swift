import FunctionContract
import FunctionRuntime

extension Command {
    static let schedules = Command(
        name: "schedules",
        summary: "Show the schedules, when each fires next and what became of it; run one now.",
        operands: ["[run]", "[name]"],
        options: [.functions, .binaries, .only, .json],
        notes: """
            Examples:
              local-runner schedules
              local-runner schedules run quota-reset
            """
    ) { arguments, environment in
        let definitions = try Catalog(Catalog.Source(arguments, environment)).definitions
        guard let action = arguments.positional.first else {
            try showSchedules(definitions, arguments, environment)
            return 0
        }
        guard action == "run" else {
            throw UsageError("schedules: expected run, found \"\(action)\"")
        }
        return try runNow(try arguments.operand(1, "the schedule"), definitions, environment)
    }

    private static func showSchedules(
        _ definitions: [FunctionDefinition],
        _ arguments: Arguments,
        _ environment: Environment
    ) throws {
        let questions = definitions.flatMap { definition in
            definition.manifest.schedules.map { $0.question(for: definition) }
        }
        let answer = try StoreClient(arguments, environment)
            .ask("POST", "/schedules", ["schedules": .array(questions)])
        let schedules = answer["schedules"]?.array ?? []
        var table = Table(["SCHEDULE", "CRON", "TIMEZONE", "NEXT (UTC)", "LAST (UTC)", "STATE"])
        for (question, schedule) in zip(questions, schedules) {
            let state = schedule["state"]?.string ?? "-"
            let error = schedule["error"]?.string.map { ": \($0.prefix(60))" } ?? ""
            table.add([
                question["name"]?.string ?? "", question["cron"]?.string ?? "",
                question["timezone"]?.string ?? "",
                String((schedule["next"]?.string ?? "-").prefix(16)),
                String((schedule["last"]?.string ?? "-").prefix(16)), state + error,
            ])
        }
        let text = arguments.has("json") ? JSON.array(schedules).text + "\n" : table.text
        try Descriptor.standardOutput.write(Array(text.utf8))
    }

    /// Calls the function as its schedule would in this minute. The call is not recorded, so other
    /// runners may fire the same minute.
    private static func runNow(
        _ name: String,
        _ definitions: [FunctionDefinition],
        _ environment: Environment
    ) throws -> Int32 {
        let owner = definitions.first { $0.manifest.schedules.contains { $0.name == name } }
        guard let owner else {
            let names = definitions.flatMap(\.manifest.schedules).map(\.name)
            throw UsageError(
                "schedules: no schedule \"\(name)\"; there are \(names.joined(separator: ", "))"
            )
        }
        let console = Console(style: .detect(environment))
        let outcome = try call(owner, .cloud(sampleSchedule(name)), console)
        console.finish()
        return try show(outcome, bodyOnly: false)
    }
}
