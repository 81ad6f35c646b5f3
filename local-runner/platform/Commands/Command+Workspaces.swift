import FunctionContract
import FunctionRuntime

extension Command {
    static let workspaces = Command(
        name: "workspaces",
        summary: "List the workspaces, or add one: whose contacts, channels and campaigns are.",
        operands: ["list|add", "[name]"],
        options: [
            .init("timezone", "name", "add: for its days and months [Europe/Paris]"),
            .json, .binaries,
        ]
    ) { arguments, environment in
        let store = StoreClient(arguments, environment)
        let text: String
        switch try arguments.operand(0, "list or add") {
        case "list":
            try arguments.allow([], in: "workspaces list")
            let answer = try store.ask("GET", "/workspaces", for: .connecting)
            text = list(answer["workspaces"]?.array ?? [], asJSON: arguments.has("json"))
        case "add":
            let name = try arguments.operand(1, "the name")
            let answer = try store.ask(
                "POST",
                "/workspaces",
                [
                    "name": .string(name),
                    "timezone": .string(arguments["timezone"] ?? "Europe/Paris"),
                ],
                for: .connecting
            )
            text = "\(answer["id"]?.string ?? "")  \(name)\n"
        case let other:
            throw UsageError("workspaces: expected list or add, found \"\(other)\"")
        }
        try Descriptor.standardOutput.write(Array(text.utf8))
        return 0
    }

    private static func list(_ workspaces: [JSON], asJSON: Bool) -> String {
        if asJSON { return JSON.array(workspaces).text + "\n" }
        if workspaces.isEmpty { return "No workspace yet.\n" }
        var table = Table(["WORKSPACE", "NAME", "TIME ZONE"])
        for workspace in workspaces {
            table.add(["id", "name", "timezone"].map { workspace.words($0) ?? "" })
        }
        return table.text
    }
}
