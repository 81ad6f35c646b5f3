import FunctionContract
import FunctionRuntime

extension Command {
    static let tasks = Command(
        name: "tasks",
        summary: "Show how every queue stands: ready, in work, waiting, oldest, dead.",
        options: [.json, .binaries]
    ) { arguments, environment in
        let answer = try StoreClient(arguments, environment).ask("GET", "/queues")
        let queues = answer["queues"]?.array ?? []
        var table = Table(["QUEUE", "READY", "IN WORK", "WAITING", "OLDEST", "DEAD", "NEXT"])
        for queue in queues {
            let more = queue["isCapped"]?.bool == true ? "+" : ""
            table.add([
                queue["queue"]?.string ?? "", (queue["ready"]?.text ?? "") + more,
                (queue["leased"]?.text ?? "") + more, (queue["waiting"]?.text ?? "") + more,
                queue["oldestReadySeconds"]?.integer.map { "\($0) s" } ?? "-",
                queue["dead"]?.text ?? "", queue["next"]?.string ?? "-",
            ])
        }
        let text =
            arguments.has("json")
            ? JSON.array(queues).text + "\n"
            : queues.isEmpty ? "No queue holds anything.\n" : table.text
        try Descriptor.standardOutput.write(Array(text.utf8))
        return 0
    }

    static let dead = Command(
        name: "dead",
        summary: "List, show, retry or drop dead letters: tasks that failed for good.",
        operands: ["list|show|retry|drop", "[id]"],
        options: [.init("queue", "name", "list: of this queue only"), .json, .binaries],
        notes: """
            What proves who somebody is, such as headers with tokens, cookies and passwords, is
            shown as (hidden). The task keeps it, so that it can be tried again.
            """
    ) { arguments, environment in
        let store = StoreClient(arguments, environment)
        switch try arguments.operand(0, "list, show, retry or drop") {
        case "list": try listDead(store, arguments)
        case "show":
            let id = try identifier(arguments)
            let task = try store.ask("GET", "/dead/\(id)")
            try Descriptor.standardOutput.write(Array((task.indented + "\n").utf8))
        case let action where ["retry", "drop"].contains(action):
            let id = try identifier(arguments)
            let answer = try store.ask("POST", "/dead/\(action)", ["ids": [.string(id)]])
            guard answer["changed"]?.integer == 1 else {
                throw CommandFailure("no dead letter \(id), or its place is taken by a live task")
            }
            let done = action == "retry" ? "is ready again" : "is dropped"
            try Descriptor.standardOutput.write(Array("\(id) \(done)\n".utf8))
        case let other:
            throw UsageError("dead: expected list, show, retry or drop, found \"\(other)\"")
        }
        return 0
    }

    /// The id of a dead letter. Only its form is checked.
    private static func identifier(_ arguments: Arguments) throws(UsageError) -> String {
        let id = try arguments.operand(1, "the id")
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [8, 4, 4, 4, 12],
            parts.joined().allSatisfy({ $0.isASCII && $0.isHexDigit })
        else { throw UsageError("dead: expected an id as `dead list` shows it, found \"\(id)\"") }
        return id
    }

    private static func listDead(_ store: StoreClient, _ arguments: Arguments) throws {
        let query = arguments["queue"].map { "?queue=\(PercentEncoding.encode($0))" } ?? ""
        let dead = try store.ask("GET", "/dead" + query)["dead"]?.array ?? []
        var table = Table(["ID", "QUEUE", "KIND", "DIED", "ATTEMPTS", "REASON", "LAST ERROR"])
        for task in dead {
            table.add([
                task["id"]?.string ?? "", task["queue"]?.string ?? "", task["kind"]?.string ?? "",
                String((task["diedAt"]?.string ?? "").prefix(19)), task["attempts"]?.text ?? "",
                task["reason"]?.string ?? "", String((task["lastError"]?.string ?? "").prefix(60)),
            ])
        }
        let text =
            arguments.has("json")
            ? JSON.array(dead).text + "\n" : dead.isEmpty ? "No dead letters.\n" : table.text
        try Descriptor.standardOutput.write(Array(text.utf8))
    }
}
