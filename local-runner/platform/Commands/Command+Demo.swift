import FunctionContract
import FunctionRuntime

extension Command {
    static let demo = Command(
        name: "demo",
        summary: "Send a campaign to people that provider-simulator plays, and watch it.",
        operands: ["campaign"],
        options: demoOptions,
        notes: """
            Needs what infra/up starts, and its DATABASE_URL and RELAIS_MASTER_KEYS: infra/demo sets
            them. Each run makes a workspace of its own. The exit code is 0 when what is recorded
            is what the simulator was sent, and nothing was sent twice.
            """
    ) { arguments, _ in
        guard try arguments.operand(0, "campaign") == "campaign" else {
            throw UsageError("demo: there is one demonstration, campaign")
        }
        _ = try arguments.number("contacts", 1...100_000)
        _ = try arguments.number("seed", 0...Int(UInt32.max))
        // The demo is a separate program because it links the database client.
        let program = executableFolder() + "/local-runner-demo"
        let words = demoOptions.compactMap { option in
            arguments[option.name].map { ["--\(option.name)", $0] }
        }
        let problem = become(program, ["campaign"] + words.joined())
        throw UsageError("demo: cannot start \(program): \(problem)")
    }

    private static let demoOptions: [Arguments.Option] = [
        .init("contacts", "number", "how many people get it [1000]"),
        .init("provider", "name", "one of those that `channels providers` lists [meta]"),
        .init("seed", "number", "the same people again [others each time]"),
        .init("platform", "url", "where this serves [http://127.0.0.1:$PORT]"),
        .init("simulator", "url", "where that runs [http://127.0.0.1:$SIMULATOR_PORT]"),
    ]
}
